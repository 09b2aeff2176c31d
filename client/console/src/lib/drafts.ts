/** Forms half filled in: kept in this browser for the person who wrote them, until saved or thrown away. */

export interface Kept<Form> {
  form: Form
  at: number
}

const PREFIX = 'gongyun.console.draft'
const LONGEST_MS = 14 * 24 * 3600_000

export interface DraftStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export function draftKey(personId: number, name: string): string {
  return `${PREFIX}.${personId}.${name}`
}

export function keepDraft<Form>(store: DraftStore, key: string, form: Form, now: number): void {
  try {
    store.setItem(key, JSON.stringify({ form, at: now }))
  } catch {
    // The browser's store is full or shut: the form itself is still there.
  }
}

/** What was kept, unless it is older than a fortnight. */
export function findDraft<Form>(store: DraftStore, key: string, now: number): Kept<Form> | null {
  const text = store.getItem(key)
  if (!text) return null
  try {
    const kept = JSON.parse(text) as Kept<Form>
    if (now - kept.at < LONGEST_MS) return kept
  } catch {
    // Not readable any more: as good as gone.
  }
  store.removeItem(key)
  return null
}
