/** The rush day's counts in words, most first. */

import { EVENTS } from './words'

/** What the web server answered, by HTTP status: refusals of one status are counted together. */
const ANSWERS: Record<string, string> = {
  '200': '办成了（重复的请求）',
  '201': '办成了',
  '401': '要重新登录',
  '403': '不符合条件',
  '404': '没有这个班',
  '409': '没报上（满了、没开始、报过等）',
  '422': '内容不对',
  '429': '点得太密，被挡下',
  '503': '太忙，请手机稍后再试',
}

export function counted(counts: Record<string, unknown>): [said: string, count: number][] {
  return Object.entries(counts)
    .filter((row): row is [string, number] => typeof row[1] === 'number' && row[1] > 0)
    .sort((one, other) => other[1] - one[1])
    .map(([name, count]) => [EVENTS[name] ?? ANSWERS[name] ?? `其他（${name}）`, count])
}
