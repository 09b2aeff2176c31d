/** The way through the triage: which question comes next, back without loss, what is kept. Pure but for keeping. */
import type { View } from '@/api/types'
import { drop, keep, recall } from './storage'

export type Question = View<'TriageQuestionView'>
export type Conclusion = View<'ConclusionView'>
export type Term = View<'TermView'>
export type Answers = Record<string, string>

export interface KeptTriage {
  answers: Answers
  /** The question on the screen; null where all are answered. */
  at: string | null
  conclusion: Conclusion | null
  /** Papers that were ticked off the list. */
  ticked: string[]
  keptAt: number
}

const KEY = 'triage'
const KEPT_MS = 30 * 86_400_000

export function recallTriage(now = Date.now()): KeptTriage | null {
  const kept = recall<KeptTriage>(KEY)
  return kept && now - kept.keptAt <= KEPT_MS ? kept : null
}

export function keepTriage(given: Omit<KeptTriage, 'keptAt'>, now = Date.now()): void {
  keep(KEY, { ...given, keptAt: now } satisfies KeptTriage)
}

export function dropTriage(): void {
  drop(KEY)
}

/** The questions that come up with these answers, in order. */
export function asked(questions: ReadonlyArray<Question>, answers: Answers): Question[] {
  const counted: Answers = {}
  return questions.filter((each) => {
    const comesUp = Object.entries(each.asked_if).every(([code, allowed]) => allowed.includes(counted[code]))
    // An answer counts only while its question comes up: who goes back and answers otherwise leaves it behind.
    if (comesUp && each.code in answers) counted[each.code] = answers[each.code]
    return comesUp
  })
}

/** The answers to questions that come up. */
export function counting(questions: ReadonlyArray<Question>, answers: Answers): Answers {
  const codes = asked(questions, answers).map((each) => each.code)
  return Object.fromEntries(codes.filter((code) => code in answers).map((code) => [code, answers[code]]))
}

/** The question after this one, null where it was the last and all are answered. */
export function after(questions: ReadonlyArray<Question>, answers: Answers, code: string): string | null {
  const list = asked(questions, answers)
  const at = list.findIndex((each) => each.code === code)
  return list[at + 1]?.code ?? firstOpen(questions, answers)
}

/** The question before this one, null where it is the first. */
export function before(
  questions: ReadonlyArray<Question>,
  answers: Answers,
  code: string | null,
): string | null {
  const list = asked(questions, answers)
  const at = code === null ? list.length : list.findIndex((each) => each.code === code)
  return list[at - 1]?.code ?? null
}

export function firstOpen(questions: ReadonlyArray<Question>, answers: Answers): string | null {
  return asked(questions, answers).find((each) => !(each.code in answers))?.code ?? null
}

/** `第3题，大约还有5题`. */
export function progressText(questions: ReadonlyArray<Question>, answers: Answers, code: string): string {
  const list = asked(questions, answers)
  const at = list.findIndex((each) => each.code === code)
  const left = list.length - at - 1
  return left > 0 ? `第${at + 1}题，大约还有${left}题` : `第${at + 1}题，最后一题`
}

/** What is wrong with a day, '' where nothing is. */
export function dayFault(day: string, today: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && isThere(day)
  if (!isDay) return '请填日期，如 2024-05-31'
  return day > today ? '不能晚于今天' : day < '1990-01-01' ? '不能早于1990年' : ''
}

function isThere(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day
}

/** The limits that are the worker's own to keep. */
function ownOf(terms: ReadonlyArray<Term>): Term[] {
  return terms.filter((each) => each.clock.is_limitation && each.clock.watched === 'worker')
}

/** What to know of the worker's own limits where none of them runs, '' where one does. */
export function ownLimits(terms: ReadonlyArray<Term>): string {
  const own = ownOf(terms)
  if (own.some((each) => !each.is_over)) return ''
  return own.length
    ? '您自己的期限算下来过了，先别放弃：工会的人再帮您看一遍，可能还有办法。'
    : '下面是单位和部门的期限，您自己的没有在走'
}

/** The limit that runs out first and is the worker's to keep; null where none runs. */
export function nearest(terms: ReadonlyArray<Term>): Term | null {
  const own = ownOf(terms).filter((each) => !each.is_over)
  return own.sort((one, other) => one.ends_on.localeCompare(other.ends_on))[0] ?? null
}
