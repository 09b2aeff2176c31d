/** The views of the list one wants at a tap, and the list as a workbook. */

import type { Filters } from '@/lib/listQuery'

export interface Queue {
  said: string
  /** `me`: who is signed in. */
  filters: (me: number) => Filters
}

// A row a line: it is read as a table.
// prettier-ignore
export const VIEWS: Queue[] = [
  { said: '没办结的', filters: () => ({ is_open: 'true' }) },
  { said: '已超期', filters: () => ({ pressing: 'overdue' }) },
  { said: '3天内到期', filters: () => ({ pressing: 'soon' }) },
  { said: '我承办的', filters: (me) => ({ handler_id: String(me), is_open: 'true' }) },
  { said: '待指派', filters: () => ({ state: 'granted' }) },
]

export function exportPath(filters: Filters): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filters))
    for (const one of [value].flat()) query.append(name, one)
  const said = query.toString()
  return `/api/v1/staff/legal-aid/cases.xlsx${said ? `?${said}` : ''}`
}

/** What somebody typed into the search, as the API takes it: never into an address. */
export function soughtOf(typed: string): { id_number?: string; phone?: string; employer?: string } | null {
  const text = typed.trim()
  if (!text) return null
  const plain = text.replace(/[\s-]/g, '')
  if (/^\d{17}[\dXx]$/.test(plain)) return { id_number: plain.toUpperCase() }
  if (/^1\d{10}$/.test(plain)) return { phone: plain }
  return { employer: text }
}

/** Why a case in sight does not open, and who may be asked. */
export function whyClosed(row: {
  case: { state: string; ended_at: string | null }
  handler_name: string | null
  node_name: string
}): string {
  if (row.handler_name) return `不能打开，找${row.handler_name}`
  if (row.case.ended_at) return '已经结束，不再打开'
  if (row.case.state === 'objecting') return '异议由审查机关看'
  return `不能打开，找${row.node_name}`
}
