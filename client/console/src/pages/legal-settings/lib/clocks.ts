/** The law's clocks in words: length, what moves them, on what they rest; and what supplementing does to one. */

import type { View } from '@/api/client'
import type { SpecialDay } from '@/pages/holidays/lib/year'
import { isWeekend } from '@/pages/holidays/lib/year'

export type Clock = View<'ClockView'>
export type Mode = 'runs' | 'pauses' | 'restarts'

export const UNITS: Record<string, string> = { day: '日', workday: '个工作日', month: '个月', year: '年' }
export const WATCHED: Record<string, string> = {
  worker: '职工',
  employer: '用人单位',
  office: '援助窗口',
  authority: '主管部门',
}
export const FORCES: Record<string, { said: string; tone: 'busy' | 'calm' }> = {
  law: { said: '法律规定', tone: 'busy' },
  local: { said: '本级规定', tone: 'calm' },
}
const INTERRUPTIONS: Record<string, string> = {
  claim: '向对方主张权利',
  complaint: '向有关部门求助',
  agreement: '对方同意履行',
}

export const MODES: Record<Mode, { said: string; why: string }> = {
  restarts: { said: '重新算', why: '材料补齐那天起，从头再算' },
  pauses: { said: '停下来', why: '补材料的几天不算，补齐后接着算' },
  runs: { said: '照样走', why: '补材料不影响，从收到申请一直算' },
}

export function sayLength({ length, unit, extension, is_before }: Clock): string {
  const more = extension ? `，可延长${extension}${UNITS[unit]}` : ''
  return `${is_before ? '提前' : ''}${length}${UNITS[unit]}${more}`
}

/** What moves the last day, starts the clock anew or makes it stand. */
export function sayMoves({ unit, moves, interrupted_by, suspended_by }: Clock): string[] {
  const said = []
  if (unit === 'workday') said.push('周末和放假的日子不算')
  else said.push(moves ? '最后一天放假的，顺延到上班第一天' : '最后一天放假也不顺延')
  if (interrupted_by.length)
    said.push(`重新算：${interrupted_by.map((each) => INTERRUPTIONS[each] ?? each).join('、')}`)
  if (suspended_by) said.push(`停下来：${suspended_by}`)
  return said
}

/** The groups of the table, by the code's family; the last takes what is left. */
const GROUPS: [string, RegExp][] = [
  ['国家法律援助', /^state_/],
  ['工会援助', /^union_/],
  ['援助窗口', /^(supplement|consultation|complaint)_/],
  ['劳动法律监督', /^(hint|opinion|advice)_/],
  ['工伤', /^(injury|capacity|paid_leave)/],
  ['仲裁、诉讼、监察', /./],
]

export function grouped(clocks: readonly Clock[]): { title: string; clocks: Clock[] }[] {
  const groups = GROUPS.map(([title]) => ({ title, clocks: [] as Clock[] }))
  for (const clock of clocks)
    groups[GROUPS.findIndex(([, family]) => family.test(clock.code))]!.clocks.push(clock)
  return groups.filter(({ clocks: found }) => found.length)
}

export interface Example {
  received: string
  told: string
  complete: string
  /** As if nothing had been missing. */
  plain: string
  /** As it counts. */
  ends: string
}

const DAY = 86_400_000
const plus = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10)

/** The decision of an application received on `received`, asked for papers two days later, complete a week after that. */
export function supplementExample(
  { length, unit, moves }: Pick<Clock, 'length' | 'unit' | 'moves'>,
  mode: Mode,
  received: string,
  days: readonly SpecialDay[],
): Example {
  const special = new Map(days.map((each) => [each.day, each.is_worked]))
  const isWorked = (day: string): boolean => special.get(day) ?? !isWeekend(day)
  const [told, complete] = [plus(received, 2), plus(received, 9)]
  const bare = (start: string): string => (unit === 'workday' ? workday(start, length) : plus(start, length))
  const moved = (day: string): string => {
    let found = day
    while (moves && !isWorked(found)) found = plus(found, 1)
    return found
  }
  function workday(start: string, count: number): string {
    let found = start
    for (let left = count; left > 0; ) if (isWorked((found = plus(found, 1)))) left -= 1
    return found
  }
  function stood(): string {
    if (unit !== 'workday') return plus(bare(received), (Date.parse(complete) - Date.parse(told)) / DAY)
    const end = bare(received)
    let left = 0
    for (let day = plus(told, 1); day <= end; day = plus(day, 1)) if (isWorked(day)) left += 1
    return workday(complete, left)
  }
  const plain = moved(bare(received))
  const ends = { runs: plain, restarts: moved(bare(complete)), pauses: moved(stood()) }[mode]
  return { received, told, complete, plain, ends }
}
