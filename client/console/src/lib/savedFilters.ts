/** Filters somebody wants again, and the columns they like: kept in this browser, by person and list. */

import type { Filters } from './listQuery'

export interface SavedFilter {
  said: string
  filters: Filters
}

export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const MOST = 20

export function listKey(personId: number, list: string, what: 'filters' | 'columns'): string {
  return `gongyun.console.${what}.${personId}.${list}`
}

export function readKept<Kept>(store: Store, key: string, fallback: Kept): Kept {
  try {
    return (JSON.parse(store.getItem(key) ?? 'null') as Kept | null) ?? fallback
  } catch {
    return fallback
  }
}

export function keep(store: Store, key: string, kept: unknown): void {
  try {
    store.setItem(key, JSON.stringify(kept))
  } catch {
    // A full store is no reason to fail: it is forgotten when the tab closes.
  }
}

/** With this one added in front; a name stands once. */
export function withSaved(saved: readonly SavedFilter[], one: SavedFilter): SavedFilter[] {
  return [one, ...saved.filter(({ said }) => said !== one.said)].slice(0, MOST)
}
