/** What a list's columns and filters are. */

import type { FilterShape } from '@/lib/listQuery'

export interface Option {
  value: string
  label: string
}

/** A filter in a column's head, or beside the search box; `name` is the API's parameter. */
export interface Filter extends FilterShape {
  label: string
  kind: 'choice' | 'text' | 'date' | 'node'
  /** Said while nothing is chosen. */
  any?: string
  /** A function where they are still being read. */
  options?: Option[] | (() => Option[])
}

export interface Column {
  key: string
  label: string
  width?: string
  align?: 'end'
  filter?: Filter
  /** Not shown until chosen. */
  isSpare?: boolean
  /** Always shown. */
  isFixed?: boolean
}

export function optionsOfFilter({ options }: Filter): Option[] {
  return typeof options === 'function' ? options() : (options ?? [])
}
