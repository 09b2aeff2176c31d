import { describe, expect, it } from 'vitest'
import { changesSince, deedsOf, lockLeft, mayWrite, toldToWorker } from '@/pages/legal-aid/lib/caseDeeds'
import { exportPath, soughtOf, VIEWS } from '@/pages/legal-aid/lib/caseQueues'
import { fenOf, sayField, yuan } from '@/pages/legal-aid/lib/caseWords'
import { coverWord } from '@/pages/legal-aid/lib/covers'
import { findSealed, forgetSealed, keepSealed, sealedKey } from '@/pages/legal-aid/lib/sealedDrafts'

const INTAKE = ['list', 'read', 'file', 'add', 'decide', 'assign']
const HANDLER = ['list', 'read', 'file', 'add', 'work']
const all = () => true
const at = (state: string, rights: string[], more = {}) => ({
  state,
  rights,
  isTold: false,
  isState: false,
  ...more,
})

describe('what can be done with a case', () => {
  it('follows its state and what somebody is to it', () => {
    expect(deedsOf(at('submitted', INTAKE), all)).toEqual(
      expect.arrayContaining(['take', 'missing', 'grant_first', 'hand_to_state', 'recuse']),
    )
    expect(deedsOf(at('submitted', INTAKE), all)).not.toContain('grant')
    expect(deedsOf(at('reviewing', INTAKE), all)).toEqual(expect.arrayContaining(['grant', 'refuse']))
    expect(deedsOf(at('working', HANDLER), all)).toEqual(expect.arrayContaining(['close', 'hearing']))
    expect(deedsOf(at('working', HANDLER), all)).not.toContain('assign')
    expect(deedsOf(at('closed', HANDLER), all)).toEqual([])
  })

  it('tells what is missing once, and hands to the state once', () => {
    expect(deedsOf(at('reviewing', INTAKE, { isTold: true }), all)).not.toContain('missing')
    expect(deedsOf(at('reviewing', INTAKE, { isState: true }), all)).not.toContain('hand_to_state')
  })

  it('is nothing where the role does not open the door', () => {
    expect(deedsOf(at('reviewing', INTAKE), () => false)).toEqual([])
    expect(mayWrite(['recuse'])).toBe(false)
    expect(mayWrite(['take', 'recuse'])).toBe(true)
  })
})

describe('what the worker is told', () => {
  it('does not say which papers are missing: that would tell what the case is about', () => {
    expect(toldToWorker('missing')).toContain('请点开看')
  })
})

it('a colleague who was first is named with what they did', () => {
  const before = [{ at: '1', text: '您的申请已收到', by: 'worker', by_name: null }]
  const after = [
    ...before,
    { at: '2', text: '工作人员开始审查', by: 'office', by_name: '赵敏' },
    { at: '3', text: '材料已补齐', by: 'worker', by_name: null },
  ]
  expect(changesSince(before, after)).toEqual(['赵敏：工作人员开始审查', '职工：材料已补齐'])
  expect(changesSince(after, after)).toEqual([])
})

it('a lock counts down and is over', () => {
  const until = '2026-11-28T12:15:00+08:00'
  expect(lockLeft(until, Date.parse('2026-11-28T12:00:55+08:00'))).toBe('14:05')
  expect(lockLeft(until, Date.parse(until))).toBeNull()
})

it('amounts are typed in yuan and sent in fen', () => {
  expect(fenOf('12,345.6')).toBe(1234560)
  expect(fenOf('0')).toBe(0)
  expect(fenOf('0.29')).toBe(29)
  for (const wrong of ['', '-1', '1.234', '三千']) expect(fenOf(wrong)).toBeNull()
  expect(yuan(1234560)).toBe('12,345.60 元')
})

it('fields are read as people read them', () => {
  expect(sayField('is_pledged', true)).toBe('是')
  expect(sayField('step', 'award')).toBe('已有裁决')
  expect(sayField('help_wanted', ['代写', '出庭'])).toBe('代写、出庭')
  expect(sayField('name', null)).toBe('')
})

it('a search knows an ID number, a phone, and else takes an employer', () => {
  expect(soughtOf('53080219900101000x')).toEqual({ id_number: '53080219900101000X' })
  expect(soughtOf('139 0000 5678')).toEqual({ phone: '13900005678' })
  expect(soughtOf(' 示例茶厂 ')).toEqual({ employer: '示例茶厂' })
  expect(soughtOf(' ')).toBeNull()
})

it('the workbook holds what the list shows', () => {
  expect(exportPath({})).toBe('/api/v1/staff/legal-aid/cases.xlsx')
  expect(exportPath({ state: 'granted' })).toBe('/api/v1/staff/legal-aid/cases.xlsx?state=granted')
  expect(VIEWS.find(({ said }) => said === '我承办的')!.filters(7)).toEqual({
    handler_id: '7',
    is_open: 'true',
  })
})

/** As a browser's session storage. */
class Tab {
  private readonly held = new Map<string, string>()
  get length() {
    return this.held.size
  }
  key = (index: number) => [...this.held.keys()][index] ?? null
  getItem = (key: string) => this.held.get(key) ?? null
  setItem = (key: string, value: string) => void this.held.set(key, value)
  removeItem = (key: string) => void this.held.delete(key)
}

it('words about a case stay in the tab until a sign-in ends, and nothing else goes', () => {
  const tab = new Tab()
  tab.setItem('other', '1')
  const key = sealedKey(7, 'a', 'refuse')
  keepSealed(tab, key, { reason: '不属于' })
  keepSealed(tab, sealedKey(7, 'b', 'close'), { note: '结' })
  expect(findSealed(tab, key)).toEqual({ reason: '不属于' })
  forgetSealed(tab)
  expect(findSealed(tab, key)).toBeNull()
  expect(tab.length).toBe(1)
})

it('a cover is to come, in force, over, or ended before its time', () => {
  const cover = { starts_on: '2026-12-01', ended_at: null, is_in_force: false }
  expect(coverWord(cover, '2026-11-28').said).toBe('还没开始')
  expect(coverWord({ ...cover, is_in_force: true }, '2026-12-01').said).toBe('代班中')
  expect(coverWord(cover, '2026-12-09').said).toBe('已到期')
  expect(coverWord({ ...cover, ended_at: '2026-12-02T09:00:00+08:00' }, '2026-12-03').said).toBe('提前结束')
})
