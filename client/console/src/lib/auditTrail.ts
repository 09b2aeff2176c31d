/** The audit trail's filters as the API takes them, and an entry's details in a line. */

import { CHANNELS, CORRECTION_STATES, DETAILS } from './officeWords'
import { ROLES } from './words'
import { addDays, toWire } from './time'

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
  if (Array.isArray(value)) return value.map(sayValue).join('、')
  if (value && typeof value === 'object') return JSON.stringify(value)
  const code = String(value ?? '')
  return CHANNELS[code] ?? ROLES[code] ?? CORRECTION_STATES[code]?.said ?? (code || '—')
}
