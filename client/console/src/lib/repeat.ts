/** "Every Tuesday and Thursday 19:00, six times": lessons made in one go. */

import type { LessonForm } from './classForm'
import { addDays } from './time'

export interface Repeat {
  /** The first day looked at: 2026-12-01. */
  from: string
  /** 0 Sunday to 6 Saturday. */
  weekdays: number[]
  times: number
  /** Every one, every second week. */
  everyWeeks: number
}

export const MOST = 200

/** The days, in order: as many as asked, from the first on that fits. */
export function daysOf({ from, weekdays, times, everyWeeks }: Repeat): string[] {
  if (!from || !weekdays.length) return []
  const wanted = Math.min(times, MOST)
  const monday = startOfWeek(from)
  const days: string[] = []
  for (let offset = 0; days.length < wanted; offset++) {
    if (Math.floor(offset / 7) % everyWeeks) continue
    const day = shift(monday, offset)
    if (day >= from && weekdays.includes(weekdayOf(day))) days.push(day)
  }
  return days
}

/** Lessons like the pattern on those days, numbered after those there are. */
export function lessonsOf(days: readonly string[], pattern: LessonForm, already: number): LessonForm[] {
  return days.map((day, index) => ({ ...pattern, id: null, day, title: `第${already + index + 1}讲` }))
}

export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

function startOfWeek(day: string): string {
  return shift(day, -((weekdayOf(day) + 6) % 7))
}

function shift(day: string, days: number): string {
  return addDays(`${day}T00:00`, days).slice(0, 10)
}
