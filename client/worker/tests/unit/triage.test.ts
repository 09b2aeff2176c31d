import { describe, expect, it } from 'vitest'
import {
  after, asked, before, counting, dayFault, firstOpen, keepTriage, nearest, ownLimits, progressText, recallTriage, type Question,
  type Term,
} from '@/lib/triage' // prettier-ignore

function question(code: string, asked_if: Record<string, string[]> = {}): Question {
  return { code, text: code, kind: 'choice', choices: [], asked_if, is_optional: false, hint: '' }
}

const QUESTIONS = [
  question('matter'),
  question('employed', { matter: ['wages'] }),
  question('ended_on', { employed: ['no'] }),
  question('step'),
]

describe('the way through the questions', () => {
  it('asks what the earlier answers call for', () => {
    const codes = (answers: Record<string, string>) => asked(QUESTIONS, answers).map((each) => each.code)
    expect(codes({})).toEqual(['matter', 'step'])
    expect(codes({ matter: 'wages', employed: 'no' })).toEqual(['matter', 'employed', 'ended_on', 'step'])
    // What was answered before the first answer was changed calls for nothing.
    expect(codes({ matter: 'injury', employed: 'no' })).toEqual(['matter', 'step'])
  })

  it('goes back without losing an answer, and on to the next question', () => {
    const answers = { matter: 'wages', employed: 'no', ended_on: '2026-01-01' }
    expect(before(QUESTIONS, answers, 'ended_on')).toBe('employed')
    expect(before(QUESTIONS, answers, 'matter')).toBeNull()
    expect(before(QUESTIONS, answers, null)).toBe('step')
    expect(after(QUESTIONS, answers, 'employed')).toBe('ended_on')
    expect(after(QUESTIONS, answers, 'ended_on')).toBe('step')
  })

  it('ends when all that came up is answered, and sends only that', () => {
    const answers = { matter: 'injury', employed: 'no', step: 'none' }
    expect(after(QUESTIONS, answers, 'step')).toBeNull()
    expect(counting(QUESTIONS, answers)).toEqual({ matter: 'injury', step: 'none' })
    expect(firstOpen(QUESTIONS, { matter: 'wages', step: 'none' })).toBe('employed')
  })

  it('says how far it is', () => {
    expect(progressText(QUESTIONS, { matter: 'wages' }, 'employed')).toBe('第2题，大约还有1题')
    expect(progressText(QUESTIONS, {}, 'step')).toBe('第2题，最后一题')
  })
})

describe('a day', () => {
  it('has to be one, and not ahead', () => {
    expect(dayFault('2026-02-28', '2026-11-28')).toBe('')
    expect(dayFault('2026-02-30', '2026-11-28')).toContain('请填日期')
    expect(dayFault('前年', '2026-11-28')).toContain('请填日期')
    expect(dayFault('2026-11-29', '2026-11-28')).toBe('不能晚于今天')
    expect(dayFault('1989-12-31', '2026-11-28')).toBe('不能早于1990年')
  })
})

describe('what is kept', () => {
  it('is there after a restart, for thirty days', () => {
    const given = { answers: { matter: 'wages' }, at: 'employed', conclusion: null, ticked: ['id_card'] }
    keepTriage(given, 1000)
    expect(recallTriage(1000 + 29 * 86_400_000)).toMatchObject(given)
    expect(recallTriage(1000 + 31 * 86_400_000)).toBeNull()
  })
})

describe('the nearest limit', () => {
  const term = (code: string, ends_on: string, more: Partial<Term> = {}, watched = 'worker') =>
    ({
      clock: { code, watched, is_limitation: true },
      ends_on,
      is_over: false,
      ...more,
    }) as Term

  it('is the worker’s own that runs out first', () => {
    const terms = [
      term('inspection', '2027-12-01'),
      term('arbitration', '2026-12-04'),
      term('over', '2026-01-01', { is_over: true }),
      term('employer', '2026-11-30', {}, 'employer'),
    ]
    expect(nearest(terms)?.clock.code).toBe('arbitration')
    expect(nearest([])).toBeNull()
  })
  it('is not said not to run where it has run out', () => {
    const employers = term('employer', '2026-11-30', {}, 'employer')
    expect(ownLimits([term('arbitration', '2026-12-04'), employers])).toBe('')
    expect(ownLimits([employers])).toContain('没有在走')
    expect(ownLimits([term('over', '2026-01-01', { is_over: true }), employers])).toContain('先别放弃')
  })
})
