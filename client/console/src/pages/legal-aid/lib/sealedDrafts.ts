/**
 * What is being written about a case: kept in this tab alone (session storage), so that a refusal or a reload loses
 * nothing, and gone when the tab closes or the person signs out. Never in local storage: it holds words of a case.
 */

const PREFIX = 'gongyun.console.sealed'

export interface SessionStore {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export function sealedKey(personId: number, caseId: string, deed: string): string {
  return `${PREFIX}.${personId}.${caseId}.${deed}`
}

export function keepSealed(store: SessionStore, key: string, form: unknown): void {
  try {
    store.setItem(key, JSON.stringify(form))
  } catch {
    // The browser's store is full or shut: the form itself is still there.
  }
}

export function findSealed<Form>(store: SessionStore, key: string): Form | null {
  try {
    return JSON.parse(store.getItem(key) ?? 'null') as Form | null
  } catch {
    return null
  }
}

/** Forget every text about a case, whoever wrote it: called when a sign-in ends. */
export function forgetSealed(store: SessionStore): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index))
  for (const key of keys) if (key?.startsWith(`${PREFIX}.`)) store.removeItem(key)
}
