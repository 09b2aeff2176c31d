/** The tokens of this phone's sign-in, kept over restarts, and their renewal: one at a time, however many ask. */
import { keep, onChangeElsewhere, recall, drop } from '@/lib/storage'
import { ApiError } from './errors'
import { send } from './transport'

export interface Tokens {
  access_token: string
  refresh_token: string
  expires_in: number
}

interface Kept {
  access: string
  refresh: string
  /** When the access token runs out, by the phone's clock. */
  endsAt: number
}

const KEY = 'tokens'
/** Renewed this long before it runs out. */
const EARLY_MS = 60_000
const SHORT_MS = 5 * 60_000
/** What ends a sign-in for good: no renewal helps. */
const ENDED = new Set(['auth.signed_out', 'auth.refresh_refused', 'auth.token_invalid', 'auth.required'])

/** Where the phone's storage is full or forbidden, a sign-in lives as long as the page. */
let unstored: Kept | null = null
let renewing: Promise<string> | null = null
const endListeners: Array<(code: string) => void> = []

/** Told when the server has ended the sign-in. */
export function onEnd(listener: (code: string) => void): void {
  endListeners.push(listener)
}

export function keepTokens(given: Tokens): void {
  const kept = {
    access: given.access_token,
    refresh: given.refresh_token,
    endsAt: Date.now() + given.expires_in * 1000,
  }
  unstored = keep(KEY, kept) ? null : kept
}

export function dropTokens(): void {
  unstored = null
  drop(KEY)
}

/** Told when another tab of the browser signed in or out; a renewal there is none of anybody's business. */
export function onSignInElsewhere(listener: () => void): void {
  onChangeElsewhere(KEY, (isThere, wasThere) => isThere !== wasThere && listener())
}

export function isSignedIn(): boolean {
  return current() !== null
}

/** The access token in force, renewed where it is about to run out; '' where nobody is signed in. */
export async function accessToken(): Promise<string> {
  const held = current()
  if (!held) return ''
  if (held.endsAt - Date.now() > EARLY_MS) return held.access
  try {
    return await renew()
  } catch (thrown) {
    // Without a signal the old one may still do; the server decides.
    if (thrown instanceof ApiError && thrown.isPassing) return held.access
    throw thrown
  }
}

/** Renew tokens that would run out within five minutes: before a moment in which there is no time for it. */
export async function renewIfShort(): Promise<void> {
  const held = current()
  if (held && held.endsAt - Date.now() < SHORT_MS) await renew()
}

/** Another access token for the refresh token. Throws ApiError; the end of the sign-in is told to who listens. */
export function renew(): Promise<string> {
  renewing ??= exchange().finally(() => {
    renewing = null
  })
  return renewing
}

/** Whether this refusal means that the sign-in is over; if so the tokens are dropped and who listens is told. */
export function endIfOver(refusal: ApiError): boolean {
  if (refusal.status !== 401 || !ENDED.has(refusal.code) || !current()) return false
  dropTokens()
  for (const listener of endListeners) listener(refusal.code)
  return true
}

async function exchange(): Promise<string> {
  const held = current()
  if (!held) return ''
  try {
    const answer = await send({
      method: 'POST',
      url: '/api/v1/auth/refresh',
      headers: { 'Content-Type': 'application/json' },
      body: { refresh_token: held.refresh },
      timeout: 10_000,
    })
    // Signed out, or another person signed in, while the answer was on its way.
    if (current()?.refresh !== held.refresh) return current()?.access ?? ''
    keepTokens(answer.body as Tokens)
    return (answer.body as Tokens).access_token
  } catch (thrown) {
    if (thrown instanceof ApiError) endIfOver(thrown)
    throw thrown
  }
}

/** Read anew each time: another tab may have renewed them, and a refresh token shown twice ends the sign-in. */
function current(): Kept | null {
  return unstored ?? recall<Kept>(KEY)
}
