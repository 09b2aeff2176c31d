/** Grabbing a place, thought through: what an answer means and what to do next. Pure; the store acts on it.
 *
 * Never say "failed" while nobody knows. A request is repeated with the same key until the server has said what became
 * of it: the key makes a second try harmless, and the answer to a place already taken is the same receipt. */
import type { ApiError } from '@/api/errors'
import type { BookingReceipt, Reason } from '@/api/types'

export type Outcome =
  | { kind: 'booked' | 'waitlisted'; receipt: BookingReceipt }
  | { kind: 'already'; bookingId: string }
  | { kind: 'refused'; code: string; detail: string; nextStep: string; reasons: Reason[] }

export type Move =
  | { kind: 'again'; afterMs: number; isUnclear: boolean }
  | { kind: 'wait'; opensAt: string }
  | { kind: 'over'; outcome: Outcome }

/** What is kept on the phone while a request is under way. */
export interface Pending {
  key: string
  classId: number
  title: string
  /** When it was begun, by the server's time. */
  at: number
}

const PAUSES_MS = [250, 600, 1200, 2500, 5000, 8000]
/** A request begun longer ago is not sent again by itself: the person may have changed her mind. */
export const RESUMED_MS = 10 * 60_000
/** How long before opening one can get ready; the page has to stay open until then. */
export const READY_MS = 30 * 60_000

export function won(receipt: BookingReceipt): Outcome {
  return { kind: receipt.state === 'waitlisted' ? 'waitlisted' : 'booked', receipt }
}

/** What to do after a refusal, or after no answer, of the attempt of this number (from 1). `luck` is 0 to 1. */
export function nextMove(refusal: ApiError, attempt: number, luck: number): Move {
  if (refusal.isPassing) {
    const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length) - 1]
    // Phones that lost the signal together do not come back together.
    const spread = pause * (0.75 + luck / 2)
    return {
      kind: 'again',
      afterMs: Math.max(spread, refusal.retry_after * 1000),
      isUnclear: refusal.isUnclear,
    }
  }
  const { details } = refusal
  if (refusal.code === 'booking.not_open' && typeof details.opens_at === 'string')
    return { kind: 'wait', opensAt: details.opens_at }
  if (refusal.code === 'booking.already_booked' && typeof details.booking_id === 'string')
    return { kind: 'over', outcome: { kind: 'already', bookingId: details.booking_id } }
  return {
    kind: 'over',
    outcome: {
      kind: 'refused',
      code: refusal.code,
      detail: refusal.detail,
      nextStep: refusal.next_step,
      reasons: Array.isArray(details.reasons) ? (details.reasons as Reason[]) : [],
    },
  }
}

/** A result in a few words. */
export function outcomeWord(outcome: Outcome): string {
  if (outcome.kind === 'booked') return '报上了'
  if (outcome.kind === 'waitlisted') return `排上候补了，第 ${outcome.receipt.position} 位`
  return outcome.kind === 'already' ? '已经报过了' : '没有报上'
}

/** What to do with a request found on the phone after the app was closed. */
export function afterRestart(pending: Pending, now: number): 'resume' | 'look' {
  return now - pending.at <= RESUMED_MS ? 'resume' : 'look'
}

/** How long to sleep until the opening: in small steps, so that a clock set meanwhile does no harm. */
export function sleepMs(opensAt: number, now: number): number {
  return Math.max(0, Math.min(opensAt - now, 500))
}
