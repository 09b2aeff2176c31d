import { describe, expect, it } from 'vitest'
import { addMonths, agenda, byDay, monthPage, nextLesson } from '@/lib/agenda'
import { dropDraft, keepDraft, recallDraft } from '@/lib/drafts'
import { idNumberFault, phoneFault } from '@/lib/identity'
import { newKey } from '@/lib/keys'
import { pageOf } from '@/lib/links'
import { doorOf, standingOf } from '@/lib/standing'
import { drop, dropAll, keep, recall } from '@/lib/storage'
import { instant } from '@/lib/times'
import { bookingWord, classWord, markWord } from '@/lib/words'

describe('drafts', () => {
  it('are kept until they are dropped, thirty days at most', () => {
    keepDraft('binding', { name: '岩温' }, 0)
    expect(recallDraft('binding', 1000)).toEqual({ name: '岩温' })
    expect(recallDraft('binding', 31 * 86_400_000)).toBeNull()
    dropDraft('binding')
    expect(recallDraft('binding', 1000)).toBeNull()
  })
})

describe('storage', () => {
  it('keeps, recalls and drops what is ours', () => {
    keep('cache:a', [1])
    keep('cache:b', 2)
    keep('text-scale', 2)
    dropAll('cache:')
    expect([recall('cache:a'), recall('cache:b'), recall('text-scale')]).toEqual([null, null, 2])
    drop('text-scale')
    expect(recall('text-scale')).toBeNull()
  })
  it('that is full or broken is no error', () => {
    uni.setStorageSync = () => {
      throw new Error('quota')
    }
    expect(keep('a', 1)).toBe(false)
    uni.getStorageSync = () => '{' as never
    expect(recall('a')).toBeNull()
  })
})

it('keys are long and never the same', () => {
  const keys = new Set(Array.from({ length: 500 }, newKey))
  expect(keys.size).toBe(500)
  expect([...keys].every((key) => /^[0-9a-z]{32}$/.test(key))).toBe(true)
})

it('links of messages lead to pages; those of the console nowhere here', () => {
  expect(pageOf('/classes/7')).toBe('/pages/class/index?id=7')
  expect(pageOf('/announcements/3')).toBe('/pages/announcement/index?id=3')
  expect(pageOf('/bookings')).toBe('/pages/bookings/index')
  expect(pageOf('/me')).toBe('/pages/me/index')
  expect([pageOf('/staff/classes/7'), pageOf('https://elsewhere'), pageOf(''), pageOf(null)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

describe('lessons', () => {
  const lesson = (id: number, from: string, to: string) =>
    ({
      lesson_id: id,
      title: `第${id}讲`,
      starts_at: from,
      ends_at: to,
      mode: 'on_site',
      hours: 4,
      state: null,
    }) as never
  const lessons = agenda([
    {
      class_id: 2,
      title: '咖啡师',
      lessons: [lesson(5, '2026-12-02T14:00:00+08:00', '2026-12-02T17:00:00+08:00')],
    },
    {
      class_id: 1,
      title: '茶艺师',
      lessons: [
        lesson(3, '2026-12-01T09:00:00+08:00', '2026-12-01T12:00:00+08:00'),
        lesson(4, '2026-12-02T09:00:00+08:00', '2026-12-02T12:00:00+08:00'),
      ],
    },
  ])
  it('of all classes stand in order of time, by day', () => {
    expect(lessons.map((each) => each.lesson.lesson_id)).toEqual([3, 4, 5])
    expect([...byDay(lessons).entries()].map(([day, those]) => [day, those.length])).toEqual([
      ['2026-12-01', 1],
      ['2026-12-02', 2],
    ])
  })
  it('the next one is that which runs, or comes', () => {
    expect(nextLesson(lessons, instant('2026-12-01T11:00:00+08:00'))?.lesson.lesson_id).toBe(3)
    expect(nextLesson(lessons, instant('2026-12-01T12:00:00+08:00'))?.lesson.lesson_id).toBe(4)
    expect(nextLesson(lessons, instant('2027-01-01T00:00:00+08:00'))).toBeNull()
  })
  it('a month’s page begins on Monday and holds whole weeks', () => {
    const november = monthPage('2026-11')
    expect([november[0], november.at(-1), november.length]).toEqual(['2026-10-26', '2026-12-06', 42])
    expect(monthPage('2027-02').length).toBe(28)
    expect([addMonths('2026-12', 1), addMonths('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
  })
})

describe('before booking', () => {
  const CLASS = { state: 'open', is_paused: false, places_left: 3, waiting_left: 5 } as const
  it('the door opens and shuts by the server’s time', () => {
    expect(doorOf({ ...CLASS, state: 'published' }, 100, 200, 99)).toEqual({ kind: 'before', opensAt: 100 })
    expect(doorOf({ ...CLASS, state: 'published' }, 100, 200, 100)).toEqual({
      kind: 'open',
      isWaiting: false,
    })
    expect(doorOf(CLASS, 100, 200, 200)).toMatchObject({ kind: 'shut' })
  })
  it('no place left is a waiting list, and then nothing', () => {
    expect(doorOf({ ...CLASS, places_left: 0 }, 0, 200, 1)).toEqual({ kind: 'open', isWaiting: true })
    expect(doorOf({ ...CLASS, places_left: 0, waiting_left: 0 }, 0, 200, 1)).toMatchObject({ kind: 'shut' })
    expect(doorOf({ ...CLASS, is_paused: true }, 0, 200, 1)).toMatchObject({ kind: 'shut' })
    expect(doorOf({ ...CLASS, state: 'cancelled' }, 0, 200, 1)).toMatchObject({ why: '班次已取消' })
  })
  it('what is in the person’s way is told, not what is the clock’s', () => {
    const early = { code: 'booking.not_open', detail: '', next_step: '' }
    const stranger = { code: 'gate.membership', detail: '', next_step: '' }
    const standing = (reasons: (typeof early)[]) =>
      standingOf({ my_booking: null as never, my_eligibility: { ok: false, reasons } })
    expect(standing([early])).toEqual({ blocked: [], mayBook: true })
    expect(standing([early, stranger])).toEqual({ blocked: [stranger], mayBook: false })
    expect(standingOf({ my_booking: null as never, my_eligibility: null as never }).mayBook).toBe(false)
  })
})

it('slips of the finger are found', () => {
  expect(idNumberFault('53080219900101000x')).toBe(idNumberFault('53080219900101000X'))
  expect(idNumberFault('11010519491231002X')).toBe('')
  expect(idNumberFault('110105194912310021')).toBe('号码有误，请逐位核对')
  expect(idNumberFault('123')).toContain('18位')
  expect([phoneFault('13900001234'), phoneFault('12900001234') !== '']).toEqual(['', true])
})

it('states are told in words', () => {
  expect(bookingWord('offered')).toEqual({ word: '名额待确认', tone: 'wait' })
  expect(markWord('late')?.word).toBe('迟到')
  expect([markWord(null), markWord('unheard')]).toEqual([null, null])
  const full = { state: 'full', is_paused: false, waiting_left: 0 } as const
  expect([classWord(full).word, classWord({ ...full, waiting_left: 2 }).word]).toEqual([
    '已满',
    '已满，可候补',
  ])
  expect(classWord({ ...full, is_paused: true }).word).toBe('暂停报名')
})
