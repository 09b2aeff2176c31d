/** Times as people here read them: always China's, whatever the computer is set to. */

const DAYS = '日一二三四五六'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** China has no summer time. */
const AHEAD = 8 * HOUR

type Instant = string | number | Date

interface Wall {
  year: number
  month: number
  day: number
  weekday: string
  clock: string
}

function millis(at: Instant): number {
  return at instanceof Date ? at.getTime() : typeof at === 'number' ? at : Date.parse(at)
}

function wallOf(at: Instant): Wall {
  const shifted = new Date(millis(at) + AHEAD)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: `周${DAYS[shifted.getUTCDay()]}`,
    clock: shifted.toISOString().slice(11, 16),
  }
}

/** 2026-11-28 */
export function dayOf(at: Instant): string {
  return new Date(millis(at) + AHEAD).toISOString().slice(0, 10)
}

export function clock(at: Instant): string {
  return wallOf(at).clock
}

/** 19:00:07 */
export function clockSeconds(at: Instant): string {
  return new Date(millis(at) + AHEAD).toISOString().slice(11, 19)
}

/** 11月28日 周六; with the year where it is another one. */
export function date(at: Instant, now: Instant = Date.now()): string {
  const wall = wallOf(at)
  const year = wall.year === wallOf(now).year ? '' : `${wall.year}年`
  return `${year}${wall.month}月${wall.day}日 ${wall.weekday}`
}

/** 11月28日 周六 19:00; 今天 19:00 where that is clearer. */
export function dateTime(at: Instant, now: Instant = Date.now()): string {
  const apart = (Date.parse(dayOf(at)) - Date.parse(dayOf(now))) / DAY
  const near = { '-1': '昨天', '0': '今天', '1': '明天' }[String(apart)]
  return `${near ?? date(at, now)} ${clock(at)}`
}

/** 11月28日 周六 19:00–21:00; over midnight both days. */
export function span(from: Instant, to: Instant, now: Instant = Date.now()): string {
  if (dayOf(from) === dayOf(to)) return `${dateTime(from, now)}–${clock(to)}`
  return `${dateTime(from, now)} 至 ${dateTime(to, now)}`
}

/** 3天5小时, 5小时20分, 12分30秒: the two largest units. Nothing below nought. */
export function length(milliseconds: number): string {
  const left = Math.max(0, milliseconds)
  const [days, hours] = [Math.floor(left / DAY), Math.floor((left % DAY) / HOUR)]
  const [minutes, seconds] = [Math.floor((left % HOUR) / MINUTE), Math.floor((left % MINUTE) / 1000)]
  if (days) return `${days}天${hours ? `${hours}小时` : ''}`
  if (hours) return `${hours}小时${minutes ? `${minutes}分` : ''}`
  if (minutes) return `${minutes}分${seconds ? `${seconds}秒` : ''}`
  return `${seconds}秒`
}

/** 刚刚, 5分钟前, 3小时前, then the date. */
export function ago(at: Instant, now: Instant = Date.now()): string {
  const past = millis(now) - millis(at)
  if (past < MINUTE) return '刚刚'
  if (past < HOUR) return `${Math.floor(past / MINUTE)}分钟前`
  if (dayOf(at) === dayOf(now)) return `${Math.floor(past / HOUR)}小时前`
  return dateTime(at, now)
}

/** An instant as a form's picker has it, China's wall clock: 2026-11-28T19:00. */
export function toWall(at: Instant | null | undefined): string {
  return at ? new Date(millis(at) + AHEAD).toISOString().slice(0, 16) : ''
}

/** A picker's wall clock as it goes over the wire: 2026-11-28T19:00:00+08:00. */
export function toWire(wall: string): string {
  return `${wall.slice(0, 16)}:00+08:00`
}

/** A wall clock some days later. */
export function addDays(wall: string, days: number): string {
  return toWall(Date.parse(toWire(wall)) + days * DAY)
}
