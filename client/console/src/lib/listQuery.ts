/** What a list shows, as it stands in the address: so that a link can be shared and "back" comes back. */

export type Filters = Record<string, string | string[]>

export interface ListQuery {
  page: number
  perPage: number
  filters: Filters
}

export interface FilterShape {
  name: string
  many?: boolean
}

type Query = Record<string, string | null | undefined | (string | null)[]>

export const PER_PAGE = 20
export const SIZES = [20, 50, 100]

export function readQuery(query: Query, shapes: readonly FilterShape[]): ListQuery {
  const filters: Filters = {}
  for (const { name, many } of shapes) {
    const values = [query[name] ?? []].flat().filter((one): one is string => !!one)
    if (values.length) filters[name] = many ? values : values[0]!
  }
  const perPage = Number(one(query.per_page))
  return {
    page: Math.max(1, Math.floor(Number(one(query.page))) || 1),
    perPage: SIZES.includes(perPage) ? perPage : PER_PAGE,
    filters,
  }
}

/** The address' query; what is usual is left out. Parameters of others (a tab, say) stay. */
export function writeQuery(list: ListQuery, shapes: readonly FilterShape[], others: Query = {}): Query {
  const known = new Set([...shapes.map(({ name }) => name), 'page', 'per_page'])
  const written: Query = Object.fromEntries(Object.entries(others).filter(([name]) => !known.has(name)))
  for (const { name } of shapes) {
    const value = list.filters[name]
    if (value && value.length) written[name] = value
  }
  if (list.page > 1) written.page = String(list.page)
  if (list.perPage !== PER_PAGE) written.per_page = String(list.perPage)
  return written
}

/** Two filters that show the same list. */
export function sameFilters(one_: Filters, other: Filters): boolean {
  return canonical(one_) === canonical(other)
}

function canonical(filters: Filters): string {
  const rows = Object.entries(filters).filter(([, value]) => value.length)
  return JSON.stringify(rows.map(([name, value]) => [name, [value].flat().sort()]).sort())
}

function one(value: Query[string]): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
