/** An import as words and numbers: how far it is, what may be done next. */

import type { View } from '@/api/client'

type Import = View<'ImportView'>

const UNDER_WAY = ['checking', 'applying']

export function isUnderWay({ state }: Pick<Import, 'state'>): boolean {
  return UNDER_WAY.includes(state)
}

/** 0 to 100, or null where nothing is under way or the number of rows is not known yet. */
export function percentOf(
  found: Pick<Import, 'state' | 'rows_total' | 'rows_checked' | 'rows_applied'>,
): number | null {
  if (!isUnderWay(found) || !found.rows_total) return null
  const done = found.state === 'checking' ? found.rows_checked : found.rows_applied
  return Math.min(100, Math.floor((done / found.rows_total) * 100))
}

/** Rows that will be written when bad ones are left out. */
export function goodRows({ rows_total, rows_bad }: Pick<Import, 'rows_total' | 'rows_bad'>): number {
  return Math.max(0, rows_total - rows_bad)
}

/** Why it cannot be accepted now, or nothing. */
export function notAcceptable(found: Import, skipsBad: boolean): string {
  if (found.state !== 'ready') return '还没核对完'
  if (!goodRows(found)) return '没有一行能用'
  if (found.rows_bad && !skipsBad) return `有 ${found.rows_bad} 行有错：改好再传，或说明跳过它们`
  return ''
}

const MOST_BYTES = 20 * 1024 * 1024

/** What is wrong with a file before it is sent, or nothing. */
export function fileProblem(file: { name: string; size: number }): string {
  if (!/\.xlsx$/i.test(file.name)) return '请选 .xlsx 文件（旧的 .xls 请先另存为 .xlsx）'
  if (file.size > MOST_BYTES) return '文件超过 20 MB，请拆成几份'
  return file.size ? '' : '文件是空的'
}
