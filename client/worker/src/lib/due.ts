/** Terms as they are said: until which day, and how many days are left, counted in Shanghai. */
import { dayOf, dayText } from './times'

const DAY_MS = 86_400_000
/** From so many days on a term is shown in red. */
export const RED_DAYS = 7

/** Whole days from now until the day: 0 on the day itself, negative afterwards. */
export function daysLeft(day: string, now: number): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${dayOf(now)}T00:00:00Z`)) / DAY_MS)
}

/** `12月3日 周四`, `今天`. */
export function dateText(day: string, now: number): string {
  return dayText(Date.parse(`${day}T00:00:00+08:00`), now)
}

/** `12月3日 周四前，还有5天`; `今天是最后一天`; `11月20日 周五到期，已过8天`. */
export function dueText(day: string, now: number): string {
  const left = daysLeft(day, now)
  if (left === 0) return '今天是最后一天'
  if (left < 0) return `${dateText(day, now)}到期，已过${-left}天`
  return `${dateText(day, now)}前，还有${left}天`
}

export function isRed(day: string, now: number): boolean {
  return daysLeft(day, now) <= RED_DAYS
}
