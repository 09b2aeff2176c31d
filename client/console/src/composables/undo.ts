/** What was just done, and how to take it back: one offer at a time, for ten seconds. */

import { shallowRef } from 'vue'

export interface Offer {
  said: string
  reverse: () => Promise<unknown>
}

export const offer = shallowRef<Offer | null>(null)

/** Say that something was done and offer to take it back. Only where the API has the reverse operation. */
export function offerUndo(said: string, reverse: () => Promise<unknown>): void {
  offer.value = { said, reverse }
}
