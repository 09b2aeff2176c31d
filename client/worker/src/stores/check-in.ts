/** Checking in: one at a time, sent again with the same key until the answer is known, also after the app was closed. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { call } from '@/api/client'
import { asApiError, type ApiError } from '@/api/errors'
import type { CheckInView } from '@/api/types'
import { newKey } from '@/lib/keys'
import { drop, keep, recall } from '@/lib/storage'

export interface Place {
  lat: number
  lng: number
  accuracy: number
}
interface Pending {
  key: string
  text: string
  place: Place | null
  at: number
}

const PENDING = 'check-in:pending'
/** The code on the screen lives about a minute: a check-in older than this would only be refused. */
const RESUMED_MS = 3 * 60_000
const RETRIES = 5

export const useCheckIn = defineStore('check-in', () => {
  const phase = ref<'idle' | 'asking' | 'unclear' | 'done' | 'refused'>('idle')
  const outcome = shallowRef<CheckInView | null>(null)
  const refusal = shallowRef<ApiError | null>(null)

  /** Check in by what was scanned or typed. */
  function send(text: string, place: Place | null): Promise<void> {
    const pending = { key: newKey(), text: text.trim(), place, at: Date.now() }
    keep(PENDING, pending)
    return pursue(pending)
  }

  /** Go on with one whose answer never came. */
  async function resume(): Promise<void> {
    const pending = recall<Pending>(PENDING)
    if (!pending || phase.value === 'asking') return
    if (Date.now() - pending.at <= RESUMED_MS) await pursue(pending)
    else reset()
  }

  function reset(): void {
    drop(PENDING)
    phase.value = 'idle'
    outcome.value = null
    refusal.value = null
  }

  async function pursue(pending: Pending): Promise<void> {
    phase.value = 'asking'
    outcome.value = null
    refusal.value = null
    const given = isDigits(pending.text) ? { digits: pending.text } : { code: pending.text }
    const body = { ...given, device: device(), place: pending.place }
    try {
      const how = { key: pending.key, retries: RETRIES, timeout: 8_000 }
      outcome.value = await call('post', '/api/v1/training/attendance', { body, ...how })
      drop(PENDING)
      phase.value = 'done'
    } catch (thrown) {
      refusal.value = asApiError(thrown)
      if (refusal.value.isPassing && refusal.value.code !== 'attendance.too_many_tries')
        phase.value = 'unclear'
      else {
        drop(PENDING)
        phase.value = 'refused'
      }
    }
  }

  return { phase, outcome, refusal, send, resume, reset }
})

export function isDigits(text: string): boolean {
  return /^\d{6}$/.test(text)
}

/** What this phone calls itself: a sign of its own among the evidence, nothing of the maker's. */
function device(): string {
  const known = recall<string>('device')
  if (known) return known
  const made = newKey()
  keep('device', made)
  return made
}
