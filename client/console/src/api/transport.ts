/**
 * How a request gets to the API: with the token in force (renewed once for all who wait), with an idempotency key on
 * writes, tried again with the same key where no answer came.
 */

import { KeyRing, newKey } from '@/lib/keys'
import { ApiError, parseProblem, problemOf, unreachable } from './problem'
import type { Tokens, TokenStore } from './tokens'

export interface Parts {
  tokens: TokenStore
  /** Told once when the sign-in is worth nothing any more. */
  onSignedOut: (reason: ApiError) => void
  /** Told when the server wants a duty done before anything else. */
  onDuty: (code: string) => void
  onReach?: (isReached: boolean, date: string | null) => void
  fetch?: (request: Request) => Promise<Response>
  wait?: (milliseconds: number) => Promise<void>
  now?: () => number
  keys?: KeyRing
}

const ENDED = new Set(['auth.required', 'auth.signed_out', 'auth.token_invalid', 'auth.refresh_refused'])
const DUTIES = new Set(['auth.must_change_password', 'auth.must_enrol_totp'])
const PATIENCE = { read: [500], write: [700, 2000] }
const EARLY_MS = 20_000
const DOORS_WITHOUT_TOKEN = ['/auth/staff', '/auth/refresh']

export class Transport {
  private flight: Promise<void> | null = null
  private readonly fetch: (request: Request) => Promise<Response>
  private readonly wait: (milliseconds: number) => Promise<void>
  private readonly now: () => number
  private readonly keys: KeyRing

  constructor(private readonly parts: Parts) {
    this.fetch = parts.fetch ?? ((request) => globalThis.fetch(request))
    this.wait = parts.wait ?? ((milliseconds) => new Promise((done) => setTimeout(done, milliseconds)))
    this.now = parts.now ?? (() => Date.now())
    this.keys = parts.keys ?? new KeyRing()
  }

  /** The answer to a request, whatever its status. Throws ApiError where none came. */
  send = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname
    const isOpen = DOORS_WITHOUT_TOKEN.some((door) => path.endsWith(door))
    const isWrite = request.method !== 'GET'
    const isKeyed = isWrite && !path.includes('/auth/')
    const isForm = (request.headers.get('content-type') ?? '').startsWith('multipart/')
    const deed = isKeyed && !isForm ? `${request.method} ${request.url} ${await request.clone().text()}` : ''
    if (isKeyed) request.headers.set('Idempotency-Key', deed ? this.keys.take(deed) : newKey())
    const response = await this.patiently(request, isWrite, isOpen)
    if (deed && !isUndecided(response)) this.keys.settle(deed)
    await this.look(response)
    return response
  }

  private async patiently(request: Request, isWrite: boolean, isOpen: boolean): Promise<Response> {
    // A write at a door without a key is not repeated: nobody knows whether it was done.
    const delays = isWrite ? (request.headers.has('Idempotency-Key') ? PATIENCE.write : []) : PATIENCE.read
    for (let attempt = 0; ; attempt++) {
      const delay = delays[attempt]
      const response = await this.once(request, isOpen, isWrite && delay === undefined, delay === undefined)
      if (response && (delay === undefined || !(await isWorthRepeating(response)))) return response
      await this.wait(delay ?? 0)
    }
  }

  /** One try; null where no answer came and there is another one to come. */
  private async once(
    request: Request,
    isOpen: boolean,
    saysWrite: boolean,
    isLast: boolean,
  ): Promise<Response | null> {
    try {
      const response = isOpen ? await this.fetch(request.clone()) : await this.withToken(request)
      this.parts.onReach?.(true, response.headers.get('date'))
      return response
    } catch (thrown) {
      if (thrown instanceof ApiError && !thrown.isUnreachable) throw thrown
      if (request.signal.aborted) throw thrown
      this.parts.onReach?.(false, null)
      if (isLast || isOffline()) throw unreachable(saysWrite || request.method !== 'GET')
      return null
    }
  }

  private async withToken(request: Request): Promise<Response> {
    let held = this.parts.tokens.read()
    if (held && held.expiresAt - EARLY_MS < this.now()) held = await this.renew(held.access)
    const response = await this.fetch(dressed(request, held))
    if (response.status !== 401 || !held) return response
    const { code } = parseProblem(await response.clone().text(), 401)
    if (code !== 'auth.token_expired' && !ENDED.has(code)) return response
    // Another tab may have renewed meanwhile; else it is ours to do, unless the sign-in itself has ended.
    const present = this.parts.tokens.read()
    if (present && present.access !== held.access) return this.fetch(dressed(request, present))
    if (code !== 'auth.token_expired') return response
    return this.fetch(dressed(request, await this.renew(held.access)))
  }

  /** New tokens instead of `stale`, asked for once however many wait, in this tab and in the others. */
  private async renew(stale: string): Promise<Tokens | null> {
    this.flight ??= underLock(() => this.refresh(stale)).finally(() => (this.flight = null))
    await this.flight
    return this.parts.tokens.read()
  }

  private async refresh(stale: string): Promise<void> {
    const held = this.parts.tokens.read()
    if (!held || held.access !== stale) return
    const response = await this.fetch(
      new Request(new URL('/api/v1/auth/refresh', base()), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refresh_token: held.refresh }),
      }),
    )
    if (response.ok) {
      const body = (await response.json()) as {
        access_token: string
        refresh_token: string
        expires_in: number
      }
      this.parts.tokens.renew({
        ...held,
        access: body.access_token,
        refresh: body.refresh_token,
        expiresAt: this.now() + body.expires_in * 1000,
      })
      return
    }
    const problem = await problemOf(response)
    if (response.status === 401 || response.status === 403) this.end(problem)
    throw problem
  }

  private async look(response: Response): Promise<void> {
    if (response.status !== 401 && response.status !== 403) return
    const problem = await problemOf(response.clone())
    if (DUTIES.has(problem.code)) this.parts.onDuty(problem.code)
    if (ENDED.has(problem.code)) this.end(problem)
  }

  private end(reason: ApiError): void {
    if (!this.parts.tokens.read()) return
    this.parts.tokens.clear()
    this.parts.onSignedOut(reason)
  }
}

function dressed(request: Request, held: Tokens | null): Request {
  const copy = request.clone()
  if (held) copy.headers.set('Authorization', `Bearer ${held.access}`)
  return copy
}

function isUndecided(response: Response): boolean {
  return response.status >= 500 || response.status === 409
}

async function isWorthRepeating(response: Response): Promise<boolean> {
  if (response.status === 503) return true
  if (response.status !== 409) return false
  return parseProblem(await response.clone().text(), 409).code === 'request.still_running'
}

function isOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false
}

function base(): string {
  return typeof location === 'undefined' ? 'http://console.invalid' : location.href
}

/** One tab at a time, where the browser knows locks (secure contexts); elsewhere the server's ten seconds must do. */
async function underLock(work: () => Promise<void>): Promise<void> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  await (locks ? locks.request('gongyun.console.renew', work) : work())
}
