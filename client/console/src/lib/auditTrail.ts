/** The audit trail's filters as the API takes them, and an entry's details in a line. */

import { CHANNELS, CORRECTION_STATES, DETAILS } from './officeWords'
import { ROLES } from './words'
import { addDays, dateTime, toWire } from './time'

/** More than these are counted, not listed. */
const MOST = 8
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

type Query = Record<string, string | string[] | number>

/** Days become instants: from the beginning of the first to the end of the last. */
export function auditQuery({ since, until, actor, ...rest }: Query): Query {
  const query: Query = { ...rest }
  if (since) query.since = toWire(`${String(since)}T00:00`)
  if (until) query.until = toWire(addDays(`${String(until)}T00:00`, 1))
  const person = Number(actor)
  if (Number.isInteger(person) && person > 0) query.actor = person
  return query
}

export function sayDetails(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${DETAILS[name] ?? name}：${sayValue(value)}`)
    .join('；')
}

/** A long id is cut: its beginning tells rows apart well enough to read. */
export function sayId(id: string): string {
  return id.length > 13 ? `${id.slice(0, 8)}…` : id
}

function sayValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) {
    const said = value.slice(0, MOST).map(sayValue).join('、')
    return value.length > MOST ? `${said} 等${value.length}项` : said
  }
  if (value && typeof value === 'object') return JSON.stringify(value)
  const code = String(value ?? '')
  if (INSTANT.test(code)) return dateTime(code)
  return CHANNELS[code] ?? ROLES[code] ?? CORRECTION_STATES[code]?.said ?? (code || '—')
}
