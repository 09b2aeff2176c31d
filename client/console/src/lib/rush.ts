/** The rush day's counts in words, most first. */

import { EVENTS } from './words'

const ANSWERS: Record<string, string> = {
  '201': '办成了',
  'booking.full': '满了',
  'booking.not_open': '还没开始',
  'booking.closed': '已截止',
  'booking.already_booked': '已经报过',
  'booking.clash': '时间冲突',
  'booking.limit': '报班到上限',
  'booking.not_eligible': '不符合条件',
  'booking.paused': '已暂停',
  'booking.desk_busy': '太忙，请重试',
}

export function counted(counts: Record<string, unknown>): [said: string, count: number][] {
  return Object.entries(counts)
    .filter((row): row is [string, number] => typeof row[1] === 'number' && row[1] > 0)
    .sort((one, other) => other[1] - one[1])
    .map(([name, count]) => [EVENTS[name] ?? ANSWERS[name] ?? name, count])
}
