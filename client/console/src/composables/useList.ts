/** A list of the API in the address: page, size and filters are read from the query and written to it. */

import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Page } from '@/api/client'
import type { Column, Filter } from '@/components/table'
import { readQuery, writeQuery, type Filters, type ListQuery } from '@/lib/listQuery'
import { useAsk } from './useAsk'

export interface ListOptions<Row> {
  columns: Column[]
  /** Filters without a column; `q` makes the search box. */
  filters?: Filter[]
  load: (query: Record<string, string | string[] | number>) => Promise<Page<Row>>
}

export function useList<Row>({ columns, filters = [], load }: ListOptions<Row>) {
  const route = useRoute()
  const router = useRouter()
  const shapes = [...columns.flatMap(({ filter }) => filter ?? []), ...filters]
  const query = computed(() => readQuery(route.query, shapes))
  const own = route.path

  const asked = useAsk(async () => {
    const { page, perPage } = query.value
    return load({ ...query.value.filters, page, per_page: perPage })
  })

  watch(
    () => (route.path === own ? JSON.stringify(query.value) : null),
    (now, before) => {
      if (now !== null && before !== null && now !== before) void asked.load()
    },
  )

  function show(next: Partial<ListQuery>): void {
    const written = writeQuery({ ...query.value, ...next }, shapes, route.query)
    // Paging is a step one may go back; the steps of narrowing down are not.
    void (next.filters ? router.replace : router.push)({ query: written, hash: route.hash })
  }

  function setFilter(name: string, value: string | string[]): void {
    const next: Filters = { ...query.value.filters, [name]: value }
    if (!value.length) delete next[name]
    show({ filters: next, page: 1 })
  }

  return { ...asked, columns, shapes, query, show, setFilter }
}

export type List<Row> = ReturnType<typeof useList<Row>>
