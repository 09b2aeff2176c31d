/** A year's days off and days worked instead: as a picture by month, as a list, and as the State Council's notice. */

export interface SpecialDay {
  day: string
  is_worked: boolean
  name: string
}

export interface Cell {
  day: string
  number: number
  /** `rest` by its weekday alone, `off` and `worked` by the table, `plain` an ordinary workday. */
  kind: 'plain' | 'rest' | 'off' | 'worked'
  name: string
}

export interface Month {
  number: number
  /** Empty cells before the first, Monday first. */
  blanks: number
  cells: Cell[]
}

const DAY = 86_400_000
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const dayAt = (millis: number): string => new Date(millis).toISOString().slice(0, 10)
/** 0 is Monday. */
const weekday = (day: string): number => (new Date(at(day)).getUTCDay() + 6) % 7
export const isWeekend = (day: string): boolean => weekday(day) >= 5

export function monthsOf(year: number, days: readonly SpecialDay[]): Month[] {
  const special = new Map(days.map((each) => [each.day, each]))
  return Array.from({ length: 12 }, (_, index) => {
    const first = dayAt(Date.UTC(year, index, 1))
    const length = new Date(Date.UTC(year, index + 1, 0)).getUTCDate()
    const cells = Array.from({ length }, (_each, number) => {
      const day = dayAt(at(first) + number * DAY)
      const found = special.get(day)
      const usual = isWeekend(day) ? 'rest' : 'plain'
      const kind = found ? (found.is_worked ? 'worked' : 'off') : usual
      return { day, number: number + 1, kind, name: found?.name ?? '' } as Cell
    })
    return { number: index + 1, blanks: weekday(first), cells }
  })
}

export function sorted(days: readonly SpecialDay[]): SpecialDay[] {
  return [...days].sort((one, other) => one.day.localeCompare(other.day))
}

/** With one day changed; null takes it out. */
export function withDay(days: readonly SpecialDay[], day: string, next: SpecialDay | null): SpecialDay[] {
  const others = days.filter((each) => each.day !== day)
  return sorted(next ? [...others, next] : others)
}

/** What is wrong with the table as it stands, for what the server would refuse. */
export function problemsOf(year: number, days: readonly SpecialDay[]): string[] {
  const wrong: string[] = []
  const strangers = days.filter(({ day }) => !day.startsWith(`${year}-`))
  if (strangers.length) wrong.push(`只能填${year}年的日期：${strangers.map(({ day }) => day).join('、')}`)
  const weekdays = days.filter(({ day, is_worked }) => is_worked && !isWeekend(day))
  if (weekdays.length)
    wrong.push(`调休上班的日子须是周六或周日：${weekdays.map(({ day }) => day).join('、')}`)
  if (days.some(({ name }) => !name.trim())) wrong.push('每一天都要写名称')
  return wrong
}

const HOLIDAYS = '元旦|除夕|春节|清明节|劳动节|端午节|中秋节|国庆节'
const NAMED = new RegExp(`(?:${HOLIDAYS})(?:[、和与](?:${HOLIDAYS}))*`)
const DATES = String.raw`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日`
const SPAN = new RegExp(`${DATES}(?:（[^）]*）)?(?:\\s*(?:至|到|—|-|–)\\s*${DATES})?`, 'g')

interface Found {
  days: SpecialDay[]
  /** Lines in which dates were looked for and none was understood. */
  unread: string[]
}

/**
 * The lines of the yearly notice: “二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。”
 * Days of a neighbouring year are left to that year's own table.
 */
export function readNotice(text: string, year: number): Found {
  const found = new Map<string, SpecialDay>()
  const unread: string[] = []
  for (const line of text.split(/\n/).map((each) => each.trim())) {
    const name = NAMED.exec(line)?.[0]
    if (!name) continue
    const before = found.size
    let month = 0
    for (const sentence of line.split(/[。；;]/)) {
      const isWorked = /上班/.test(sentence)
      if (!isWorked && !/放假|休息|调休/.test(sentence)) continue
      for (const match of sentence.matchAll(SPAN)) {
        month = Number(match[2] ?? month)
        const from = date(Number(match[1] ?? year), month, Number(match[3]))
        if (match[5]) month = Number(match[5])
        const to = match[6] ? date(Number(match[4] ?? match[1] ?? year), month, Number(match[6])) : from
        for (const day of between(from, to))
          if (day.startsWith(`${year}-`))
            found.set(day, { day, is_worked: isWorked, name: isWorked ? `${name}调休` : name })
      }
    }
    if (found.size === before) unread.push(line)
  }
  return { days: sorted([...found.values()]), unread }
}

function date(year: number, month: number, number: number): string {
  return dayAt(Date.UTC(year, month - 1, number))
}

function between(from: string, to: string): string[] {
  const count = Math.min(31, Math.round((at(to) - at(from)) / DAY) + 1)
  return Array.from({ length: Math.max(0, count) }, (_, number) => dayAt(at(from) + number * DAY))
}

/** What saving changes, in counts. */
export function changes(before: readonly SpecialDay[], after: readonly SpecialDay[]): string {
  const key = ({ day, is_worked }: SpecialDay) => `${day} ${is_worked}`
  const [old, next] = [new Set(before.map(key)), new Set(after.map(key))]
  const added = after.filter((each) => !old.has(key(each))).length
  const gone = before.filter((each) => !next.has(key(each))).length
  return [added && `新增${added}天`, gone && `去掉${gone}天`].filter(Boolean).join('，')
}
