/** All filters somebody has kept in this browser, over all lists. */

import { listKey, readKept, type SavedFilter, type Store } from './savedFilters'

export interface KeptList {
  list: string
  filters: SavedFilter[]
}

interface Shelf extends Store {
  readonly length: number
  key(index: number): string | null
}

export function keptLists(store: Shelf, personId: number): KeptList[] {
  const prefix = listKey(personId, '', 'filters')
  const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '')
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
  return names
    .sort()
    .map((list) => ({
      list,
      filters: readKept<SavedFilter[]>(store, listKey(personId, list, 'filters'), []),
    }))
    .filter(({ filters }) => filters.length)
}
