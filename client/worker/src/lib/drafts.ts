/** What somebody has typed and not sent: kept until it is sent, thirty days at most. */
import { drop, keep, recall } from './storage'

const KEPT_MS = 30 * 86_400_000

interface Kept<T> {
  at: number
  value: T
}

export function keepDraft<T>(name: string, value: T, now = Date.now()): void {
  keep(`draft:${name}`, { at: now, value } satisfies Kept<T>)
}

export function recallDraft<T>(name: string, now = Date.now()): T | null {
  const kept = recall<Kept<T>>(`draft:${name}`)
  if (!kept || now - kept.at > KEPT_MS) return null
  return kept.value
}

export function dropDraft(name: string): void {
  drop(`draft:${name}`)
}
