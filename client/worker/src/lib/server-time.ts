/** The server's time, reckoned from its answers: a phone's own clock may be minutes wrong.
 *
 * An answer left the server somewhere between sending and receiving; the middle is the best guess, and half the way
 * there and back is how wrong it can be. The best guess of the last minutes counts. */

export interface Sample {
  /** Server time minus phone time, ms. */
  offset: number
  /** How wrong `offset` can be, ms. */
  error: number
  /** When it was taken, by the phone's clock. */
  takenAt: number
}

const STALE_MS = 10 * 60_000
const DATE_HEADER_STEP_MS = 1000

/** From a server time with fractions of a second, as class lists have it. */
export function exactSample(serverMs: number, sentAt: number, answeredAt: number): Sample {
  return {
    offset: serverMs - (sentAt + answeredAt) / 2,
    error: (answeredAt - sentAt) / 2,
    takenAt: answeredAt,
  }
}

/** From the `Date` header, which knows whole seconds only. Null for one that cannot be read. */
export function headerSample(date: string | undefined, sentAt: number, answeredAt: number): Sample | null {
  const at = date ? Date.parse(date) : NaN
  if (Number.isNaN(at)) return null
  const rough = exactSample(at + DATE_HEADER_STEP_MS / 2, sentAt, answeredAt)
  return { ...rough, error: rough.error + DATE_HEADER_STEP_MS / 2 }
}

/** The one to go by: the newer where the older is stale, or where both cannot be true (the phone's clock was set);
 * otherwise the surer. */
export function better(held: Sample | null, found: Sample): Sample {
  if (!held || found.takenAt - held.takenAt > STALE_MS || found.takenAt < held.takenAt) return found
  const apart = Math.abs(found.offset - held.offset)
  if (apart > found.error + held.error) return found
  return found.error <= held.error ? found : held
}
