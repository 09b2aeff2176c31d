/** Instants and how they are said. Everything is shown in Asia/Shanghai (UTC+8 all year), wherever the phone is. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/
const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

/** Milliseconds since 1970 of an ISO 8601 instant with offset. Not Date.parse: old phones misread fractions. */
export function instant(iso: string): number {
  const found = ISO.exec(iso)
  if (!found) throw new RangeError(`not an instant: ${iso}`)
  const [, year, month, day, hour, minute, second, fraction = '', zone] = found
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const utc = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second, ms)
  if (zone === 'Z') return utc
  const sign = zone.startsWith('-') ? -1 : 1
  return utc - sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 60_000
}

/** The day in Shanghai, `2026-11-28`. */
export function dayOf(ms: number): string {
  return new Date(ms + SHANGHAI_MS).toISOString().slice(0, 10)
}

/** A day as people write it, `20240531` or `2024年5月31日`, as `2024-05-31`; anything else as it is. `2024.5.3` could go on
 * to be the 31st: it is a day only where `isWhole`. */
export function dayTyped(text: string, isWhole = false): string {
  const parts = isWhole ? /^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/ : /^(\d{4})\D?(\d{2})\D?(\d{2})$/
  const found = parts.exec(text.trim())
  return found ? found.slice(1).map((each) => each.padStart(2, '0')).join('-') : text // prettier-ignore
}

/** `19:30` in Shanghai. */
export function clockText(ms: number): string {
  return new Date(ms + SHANGHAI_MS).toISOString().slice(11, 16)
}

/** `19:30:05` in Shanghai. */
export function exactText(ms: number): string {
  return new Date(ms + SHANGHAI_MS).toISOString().slice(11, 19)
}

/** `今天`, `明天`, `11月30日 周一`; with the year where it is another. */
export function dayText(ms: number, now: number): string {
  const days = Math.floor((ms + SHANGHAI_MS) / DAY_MS) - Math.floor((now + SHANGHAI_MS) / DAY_MS)
  if (days === 0) return '今天'
  if (days === 1) return '明天'
  if (days === -1) return '昨天'
  const there = new Date(ms + SHANGHAI_MS)
  const said = `${there.getUTCMonth() + 1}月${there.getUTCDate()}日 ${WEEKDAYS[there.getUTCDay()]}`
  const isThisYear = there.getUTCFullYear() === new Date(now + SHANGHAI_MS).getUTCFullYear()
  return isThisYear ? said : `${there.getUTCFullYear()}年${said}`
}

/** `明天 19:30`. */
export function whenText(ms: number, now: number): string {
  return `${dayText(ms, now)} ${clockText(ms)}`
}

/** `明天 19:30–21:00`, or both ends in full where they lie on two days. */
export function spanText(from: number, to: number, now: number): string {
  if (dayOf(from) === dayOf(to)) return `${whenText(from, now)}–${clockText(to)}`
  return `${whenText(from, now)} 至 ${whenText(to, now)}`
}

/** `2026-11-28`, days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

export function weekdayText(day: string): string {
  return WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]
}
