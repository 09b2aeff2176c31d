import { describe, expect, it } from 'vitest'
import { parseProblem } from '@/api/problem'
import { fieldErrors, homeless, reasonsOf } from '@/lib/details'
import { openDoors } from '@/lib/doors'
import { draftKey, findDraft, keepDraft } from '@/lib/drafts'
import { newKey } from '@/lib/keys'
import { readQuery, sameFilters, writeQuery } from '@/lib/listQuery'
import { drawQr } from '@/lib/qr'
import { withSaved } from '@/lib/savedFilters'
import { addDays, ago, date, dateTime, dayOf, length, span, toWall, toWire } from '@/lib/time'
import { CLASS_STATES, optionsOf, wordOf } from '@/lib/words'

const NOW = Date.parse('2026-11-28T20:00:00+08:00')

describe('times', () => {
  it('are China’s, whatever the offset on the wire', () => {
    expect(toWall('2026-11-28T15:53:49.799354+00:00')).toBe('2026-11-28T23:53')
    expect(toWire('2026-11-28T23:53')).toBe('2026-11-28T23:53:00+08:00')
    expect(dayOf('2026-11-28T16:30:00Z')).toBe('2026-11-29')
  })

  it('are said as people say them', () => {
    expect(dateTime('2026-11-28T11:00:00Z', NOW)).toBe('今天 19:00')
    expect(dateTime('2026-11-29T01:00:00Z', NOW)).toBe('明天 09:00')
    expect(dateTime('2026-12-05T11:00:00Z', NOW)).toBe('12月5日 周六 19:00')
    expect(date('2027-01-02T00:00:00+08:00', NOW)).toBe('2027年1月2日 周六')
    expect(span('2026-12-05T11:00:00Z', '2026-12-05T13:00:00Z', NOW)).toBe('12月5日 周六 19:00–21:00')
    expect(span('2026-12-05T15:00:00Z', '2026-12-05T17:00:00Z', NOW)).toBe(
      '12月5日 周六 23:00 至 12月6日 周日 01:00',
    )
    expect(ago(NOW - 5 * 60_000, NOW)).toBe('5分钟前')
  })

  it('left over are said in two units and never below nought', () => {
    expect(length(3 * 86400_000 + 5 * 3600_000)).toBe('3天5小时')
    expect(length(65_000)).toBe('1分5秒')
    expect(length(-5)).toBe('0秒')
  })

  it('go on over the end of a month', () => {
    expect(addDays('2026-11-28T19:00', 7)).toBe('2026-12-05T19:00')
  })
})

describe('the address of a list', () => {
  const shapes = [{ name: 'q' }, { name: 'state', many: true }]

  it('says what is shown, and nothing that is usual', () => {
    const list = { page: 3, perPage: 50, filters: { q: '茶', state: ['open', 'full'] } }
    const written = writeQuery(list, shapes, { tab: 'x', page: '9' })
    expect(written).toEqual({ tab: 'x', q: '茶', state: ['open', 'full'], page: '3', per_page: '50' })
    expect(readQuery(written, shapes)).toEqual(list)
    expect(writeQuery({ page: 1, perPage: 20, filters: { q: '' } }, shapes)).toEqual({})
  })

  it('survives nonsense', () => {
    expect(readQuery({ page: '-4', per_page: '7000', state: 'open', other: 'x' }, shapes)).toEqual({
      page: 1,
      perPage: 20,
      filters: { state: ['open'] },
    })
    expect(readQuery({ page: 'x' }, shapes).page).toBe(1)
  })

  it('is the same whatever the order of what was ticked', () => {
    expect(sameFilters({ state: ['open', 'full'] }, { state: ['full', 'open'], q: '' })).toBe(true)
    expect(sameFilters({ q: 'a' }, { q: 'b' })).toBe(false)
  })
})

describe('what the server refuses', () => {
  const details = {
    capacity: ['须在1到5000之间'],
    lessons: { '0': { ends_at: ['须晚于上课时间'] } },
    taken: 12,
  }

  it('finds its field, however deep', () => {
    expect(fieldErrors(details)).toEqual({
      capacity: '须在1到5000之间',
      'lessons.0.ends_at': '须晚于上课时间',
    })
  })

  it('is not lost where the form has no such field', () => {
    expect(homeless(fieldErrors(details), ['capacity'])).toEqual(['须晚于上课时间'])
    expect(homeless(fieldErrors(details), ['capacity', 'lessons'])).toEqual([])
  })

  it('gives every reason of a shut gate, with what to do', () => {
    const reasons = [
      { code: 'gate.county', detail: '限思茅区的职工', next_step: '看看别的班' },
      { code: 'x', detail: '不是会员' },
    ]
    expect(reasonsOf({ reasons })).toEqual(['限思茅区的职工。看看别的班', '不是会员'])
    expect(reasonsOf({ taken: 3 })).toEqual([])
  })

  it('has a sentence even when a proxy answers in our place', () => {
    expect(parseProblem('<html>502</html>', 502)).toMatchObject({ code: 'client.unreadable', status: 502 })
    expect(parseProblem('{"code":"a.b","detail":"不行"}', 409)).toMatchObject({
      code: 'a.b',
      detail: '不行',
      details: {},
    })
  })
})

describe('drafts', () => {
  const shelf = () => {
    const kept = new Map<string, string>()
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }
  }

  it('come back to who wrote them, for a fortnight', () => {
    const store = shelf()
    keepDraft(store, draftKey(7, 'class-new'), { title: '茶艺' }, NOW)
    expect(findDraft(store, draftKey(7, 'class-new'), NOW + 1)).toEqual({ form: { title: '茶艺' }, at: NOW })
    expect(findDraft(store, draftKey(8, 'class-new'), NOW + 1)).toBeNull()
    expect(findDraft(store, draftKey(7, 'class-new'), NOW + 15 * 86400_000)).toBeNull()
    expect(findDraft(store, draftKey(7, 'class-new'), NOW)).toBeNull()
  })

  it('do not fail where the browser’s store is full', () => {
    const full = { ...shelf(), setItem: () => { throw new DOMException('full') } } // prettier-ignore
    expect(() => keepDraft(full, 'k', {}, NOW)).not.toThrow()
  })
})

it('roles open what the table says, and every sign-in what is everybody’s', () => {
  const doors = [
    { operation: 'list_accounts', roles: ['administrator'] },
    { operation: 'list_roster', roles: ['trainer', 'training_staff'] },
    { operation: 'show_me', roles: ['worker'] },
  ]
  expect([...openDoors(doors, [{ role: 'trainer' }])]).toEqual(['list_roster', 'show_me'])
})

it('keys are version 4 identifiers', () => {
  expect(newKey((bytes) => bytes.fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
})

it('a kept filter stands once, the latest first', () => {
  const saved = [
    { said: 'a', filters: {} },
    { said: 'b', filters: {} },
  ]
  expect(withSaved(saved, { said: 'b', filters: { q: 'x' } })).toEqual([
    { said: 'b', filters: { q: 'x' } },
    saved[0],
  ])
})

it('a QR code has the three marks in its corners and a quiet zone', () => {
  const { size, path } = drawQr('https://example.test/c/1')
  for (const [x, y] of [
    [3, 3],
    [size - 10, 3],
    [3, size - 10],
  ])
    expect(path).toContain(`M${x} ${y}h1`)
  expect(path).not.toContain('M2 ')
})

it('a code nobody knows is shown as it is', () => {
  expect(wordOf(CLASS_STATES, 'brand_new')).toEqual({ said: 'brand_new', tone: 'calm' })
  expect(wordOf(CLASS_STATES, null).said).toBe('—')
  expect(optionsOf(CLASS_STATES)[0]).toEqual({ value: 'draft', label: '草稿' })
})
