/** How a clock of the desk stands, as a word: the number says it, the colour repeats it. */

import type { Word } from '@/lib/words'

/** So many days or fewer are soon, as the API's `pressing=soon` has it. */
export const SOON_DAYS = 3

export const PRESSING: Record<string, string> = { overdue: '已超期', soon: `${SOON_DAYS}天内到期` }

export function dueWord(daysLeft: number | null): Word | null {
  if (daysLeft === null) return null
  if (daysLeft < 0) return { said: `超期${-daysLeft}天`, tone: 'bad' }
  if (daysLeft === 0) return { said: '今天到期', tone: 'bad' }
  return { said: `还剩${daysLeft}天`, tone: daysLeft <= SOON_DAYS ? 'warn' : 'calm' }
}

/** Days from one day to another, both as 2026-11-28. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}
