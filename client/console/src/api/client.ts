/** The API, typed by its own description. `ask(api.GET(...))` gives the answer or throws an ApiError. */

import createClient from 'openapi-fetch'
import { ref } from 'vue'
import { fileName, writeParameters } from '@/lib/wire'
import type { components, paths } from './schema'
import { ApiError, parseProblem, problemOf } from './problem'
import { browserTokens } from './tokens'
import { Transport } from './transport'

/** An answer as the server writes it: every field is there (the description leaves that open), nulls stay. */
export type Solid<T> = T extends (infer Item)[]
  ? Solid<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Solid<Exclude<T[Key], undefined>> }
    : T

export type View<Name extends keyof components['schemas']> = Solid<components['schemas'][Name]>
/** What is sent, as the server wants it. */
export type Order<Name extends keyof components['schemas']> = components['schemas'][Name]

export interface Page<Row> {
  items: Row[]
  page: number
  per_page: number
  total: number
}

export const tokens = browserTokens()

/** Whether the last request got through: pages show "offline" by it, beside what the browser itself knows. */
export const isReached = ref(true)
/** Milliseconds the server's clock is ahead of this computer's. */
export const clockAhead = ref(0)

const hooks = { signedOut: (_reason: ApiError) => {}, duty: (_code: string) => {} }

export function onSession(signedOut: (reason: ApiError) => void, duty: (code: string) => void): void {
  hooks.signedOut = signedOut
  hooks.duty = duty
}

const transport = new Transport({
  tokens,
  onSignedOut: (reason) => hooks.signedOut(reason),
  onDuty: (code) => hooks.duty(code),
  onReach: (reached, date) => {
    isReached.value = reached
    const ahead = date ? Date.parse(date) + 500 - Date.now() : 0
    // The header has whole seconds: a difference within them says nothing.
    if (date) clockAhead.value = Math.abs(ahead) < 1500 ? 0 : ahead
  },
})

export const api = createClient<paths>({
  fetch: transport.send,
  querySerializer: writeParameters,
})

interface Told<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The answer's body. Throws ApiError for everything else. */
export async function ask<Data>(asked: Promise<Told<Data>>): Promise<Solid<Data>> {
  const { data, error, response } = await asked
  if (response.ok) return data as Solid<Data>
  const text = typeof error === 'string' ? error : JSON.stringify(error ?? '')
  throw new ApiError(parseProblem(text, response.status))
}

/** The bytes of a file behind the door, and the name the server gives it. */
export async function fetchFile(path: string): Promise<{ blob: Blob; name: string }> {
  const response = await transport.send(new Request(new URL(path, location.href)))
  if (!response.ok) throw await problemOf(response)
  return { blob: await response.blob(), name: fileName(response.headers.get('content-disposition')) }
}

/** Now, by the server's clock. */
export function serverNow(): number {
  return Date.now() + clockAhead.value
}
