import { describe, expect, it } from 'vitest'
import type { KeptMark } from '@/lib/kept-marks'
import { countOf, filtered, seenLines, withAnswers, type RosterLine } from '@/lib/roster'

function line(id: number, name: string, more: Partial<RosterLine> = {}): RosterLine {
  return {
    worker_id: id,
    name,
    phone: '138****0001',
    is_booked: true,
    state: null,
    source: null,
    at: null,
    arrived_at: null,
    left_at: null,
    confidence: null,
    is_doubtful: false,
    is_confirmed: false,
    signals: [],
    version: 0,
    ...more,
  }
}

function mark(id: number, more: Partial<KeptMark> = {}): KeptMark {
  return {
    worker_id: id,
    client_id: `c${id}`,
    name: '',
    deed: { state: 'present' },
    at: 0,
    isRough: false,
    isTried: false,
    answer: null,
    ...more,
  }
}

const LINES = [
  line(1, '张三'),
  line(2, '李四', { state: 'present', source: 'scan', is_doubtful: true }),
  line(3, '王五', { state: 'late', is_doubtful: true, is_confirmed: true }),
]

describe('the roster on the phone', () => {
  it('counts who has no mark, who is to be looked at, and what waits to be sent', () => {
    const seen = seenLines(LINES, [mark(1)])
    const counts = (['all', 'unmarked', 'look', 'waiting'] as const).map((each) => countOf(seen, each))
    expect(counts).toEqual([3, 0, 1, 1])
    expect(countOf(seenLines(LINES, []), 'unmarked')).toBe(1)
  })

  it('is narrowed by name within a filter', () => {
    const found = filtered(seenLines(LINES, []), 'all', ' 李 ')
    expect(found.map((each) => each.line.name)).toEqual(['李四'])
    expect(filtered(seenLines(LINES, []), 'unmarked', '李')).toEqual([])
  })

  it('needs no look at who has just been marked by hand', () => {
    expect(countOf(seenLines(LINES, [mark(2)]), 'look')).toBe(0)
  })

  it('takes the answers over: the trainer’s word, or what outranked it', () => {
    const answer = {
      client_id: '',
      result: 'applied',
      state: 'absent',
      code: '',
      detail: '',
      next_step: null,
    } as const
    const outranked = {
      ...answer,
      result: 'unchanged',
      state: 'excused',
      code: 'attendance.outranked',
    } as const
    const found = withAnswers(LINES, [mark(2, { answer }), mark(3, { answer: outranked })] as KeptMark[])
    expect(found[1]).toMatchObject({ state: 'absent', source: 'trainer', is_doubtful: false })
    expect(found[2]).toMatchObject({ state: 'excused', source: null, is_doubtful: true })
    expect(found[0]).toBe(LINES[0])
  })
})
