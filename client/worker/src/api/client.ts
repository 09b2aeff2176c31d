/** `await call('post', '/api/v1/bookings/{booking_id}/cancel', { path: { booking_id } })`: typed by the API's own
 * description. A wrong path, method, parameter or field is a compile error. */
import { newKey } from '@/lib/keys'
import { wait } from '@/lib/wait'
import { ApiError, notNamed } from './errors'
import type { paths } from './schema'
import { accessToken, endIfOver, isSignedIn, renew } from './tokens'
import { send, type Answer, type Method } from './transport'

type Verb = 'get' | 'post' | 'put' | 'delete'
type Operation<P extends keyof paths, V extends Verb> = NonNullable<paths[P][V]>
type PathsWith<V extends Verb> = {
  [P in keyof paths]: [Operation<P, V>] extends [never] ? never : P
}[keyof paths]
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : never
type Good<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202)]> : never
type Body<O> = O extends { requestBody?: infer B } ? Json<NonNullable<B>> : never
type Query<O> = O extends { parameters: { query?: infer Q } } ? Q : never
type PathArgs<O> = O extends { parameters: { path: infer A } } ? A : never

/** The server always writes every field of a view: none of an answer's fields is optional. */
export type Whole<T> = T extends (infer E)[]
  ? Whole<E>[]
  : T extends object
    ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> }
    : T

export interface How {
  /** The Idempotency-Key; a write outside /auth gets a new one where none is given. */
  key?: string
  /** Milliseconds until the answer is given up. */
  timeout?: number
  /** How often to send again when the signal is lost; always with the same key. */
  retries?: number
  /** Without the token of who is signed in: the server shall not know who asks. */
  asNobody?: boolean
}

type Given<O> = ([PathArgs<O>] extends [never] ? { path?: undefined } : { path: PathArgs<O> }) &
  ([Query<O>] extends [never] ? { query?: undefined } : { query?: Query<O> }) &
  ([Body<O>] extends [never] ? { body?: undefined } : { body: Body<O> }) &
  How
type Arguments<O> =
  Partial<Record<keyof Given<O>, undefined>> extends Given<O> ? [given?: Given<O>] : [given: Given<O>]

export type AnswerOf<V extends Verb, P extends PathsWith<V>> = Whole<Good<Operation<P, V>>>

const PAUSES_MS = [600, 1500, 3000]
const RUN_OUT = 'auth.token_expired'

/** What the server answers. Throws ApiError. */
export async function call<V extends Verb, P extends PathsWith<V>>(
  verb: V,
  path: P,
  ...[given]: Arguments<Operation<P, V>>
): Promise<AnswerOf<V, P>> {
  const { path: parts, query, body, key, timeout = 15_000, retries = 2, asNobody } = (given ?? {}) as Untyped
  const isKeyed = verb !== 'get' && !path.startsWith('/api/v1/auth/')
  const headers: Record<string, string> = {}
  if (verb !== 'get') headers['Content-Type'] = 'application/json'
  if (isKeyed) headers['Idempotency-Key'] = key ?? newKey()
  const request = {
    method: verb.toUpperCase() as Method,
    url: address(path, parts, query),
    headers,
    body,
    timeout,
  }
  // What cannot be repeated safely is sent once: a second one could be a second deed.
  const tries = verb === 'get' || isKeyed ? retries + 1 : 1
  for (let tried = 1; ; tried++) {
    try {
      return (await (asNobody ? send(request) : withToken(request))).body as AnswerOf<V, P>
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || !thrown.isPassing || tried >= tries) throw thrown
      await wait(Math.max(PAUSES_MS[Math.min(tried, PAUSES_MS.length) - 1], thrown.retry_after * 1000))
    }
  }
}

interface Untyped extends How {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

function withToken(request: Parameters<typeof send>[0]): Promise<Answer> {
  return authorised((bearer) => send({ ...request, headers: { ...request.headers, ...bearer } }))
}

/** Ask with the header of who is signed in (none where nobody is), once more where the token has just run out. */
export async function authorised(ask: (bearer: Record<string, string>) => Promise<Answer>): Promise<Answer> {
  const bearer = (token: string): Record<string, string> =>
    token ? { Authorization: `Bearer ${token}` } : {}
  try {
    return await ask(bearer(await accessToken()))
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown
    if (thrown.code === RUN_OUT && isSignedIn()) return ask(bearer(await renew()))
    endIfOver(thrown)
    throw thrown
  }
}

/** Throws ApiError where a part is empty: a page opened without its `?case=` would ask for the list instead. */
export function address(
  path: string,
  parts: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = String(parts[name] ?? '')
    if (!part) throw notNamed()
    return encodeURIComponent(part)
  })
  const asked = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return asked.length ? `${filled}?${asked.join('&')}` : filled
}
