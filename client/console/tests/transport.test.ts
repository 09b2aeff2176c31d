import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api/problem'
import { TokenStore, type Store, type Tokens } from '@/api/tokens'
import { Transport } from '@/api/transport'
import { KeyRing } from '@/lib/keys'

class Shelf implements Store {
  private readonly kept = new Map<string, string>()
  getItem = (key: string) => this.kept.get(key) ?? null
  setItem = (key: string, value: string) => void this.kept.set(key, value)
  removeItem = (key: string) => void this.kept.delete(key)
}

const HELD: Tokens = { access: 'old', refresh: 'r1', expiresAt: 1_000_000, personId: 7 }
const BASE = 'http://host.test/api/v1'

type Answer = Response | Error

function problem(status: number, code: string): Response {
  return Response.json({ code, detail: code, details: {} }, { status })
}

function setUp(answer: (request: Request, call: number) => Answer | Promise<Answer>) {
  const tokens = new TokenStore(new Shelf(), new Shelf())
  tokens.begin(HELD, false)
  const seen: Request[] = []
  const told: string[] = []
  let keys = 0
  const transport = new Transport({
    tokens,
    onSignedOut: (reason) => told.push(reason.code),
    onDuty: (code) => told.push(code),
    now: () => 0,
    wait: async () => {},
    keys: new KeyRing(() => `key-${++keys}`),
    fetch: async (request) => {
      seen.push(request)
      const said = await answer(request, seen.length)
      if (said instanceof Error) throw said
      return said
    },
  })
  return { tokens, seen, told, send: transport.send }
}

const write = (body = '{"a":1}') =>
  new Request(`${BASE}/staff/things`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
const key = (request: Request) => request.headers.get('Idempotency-Key')
const renewed = () => Response.json({ access_token: 'new', refresh_token: 'r2', expires_in: 3600 })

describe('a write', () => {
  it('carries the same key when no answer came, and a new one after an answer', async () => {
    const { seen, send } = setUp((_, call) => (call <= 2 ? new TypeError('gone') : Response.json({})))
    await send(write())
    await send(write())
    expect(seen.map(key)).toEqual(['key-1', 'key-1', 'key-1', 'key-2'])
  })

  it('keeps its key over a later attempt by hand while nobody knows how it ended', async () => {
    const { seen, send } = setUp((_, call) => (call <= 3 ? new TypeError('gone') : Response.json({})))
    await expect(send(write())).rejects.toMatchObject({ code: 'client.unreachable', status: 0 })
    await send(write())
    expect(new Set(seen.map(key))).toEqual(new Set(['key-1']))
  })

  it('with other words has another key', async () => {
    const { seen, send } = setUp(() => new Response(null, { status: 500 }))
    await send(write('{"a":1}'))
    await send(write('{"a":2}'))
    expect(seen.map(key)).toEqual(['key-1', 'key-2'])
  })

  it('waits for the first one that is still running', async () => {
    const { seen, send } = setUp((_, call) =>
      call === 1 ? problem(409, 'request.still_running') : Response.json({}),
    )
    expect((await send(write())).status).toBe(200)
    expect(seen.length).toBe(2)
  })

  it('is not repeated at a door that takes no key', async () => {
    const { seen, send } = setUp(() => new TypeError('gone'))
    const request = new Request(`${BASE}/auth/password`, { method: 'PUT', body: '{}' })
    await expect(send(request)).rejects.toBeInstanceOf(ApiError)
    expect(seen.map(key)).toEqual([null])
  })
})

describe('a token that has run out', () => {
  it('is renewed once for all who wait, and their requests go on', async () => {
    const { seen, send, tokens } = setUp((request) => {
      if (request.url.endsWith('/auth/refresh')) return renewed()
      return request.headers.get('Authorization') === 'Bearer new'
        ? Response.json({})
        : problem(401, 'auth.token_expired')
    })
    const answers = await Promise.all([1, 2, 3].map(() => send(new Request(`${BASE}/me`))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(seen.filter(({ url }) => url.endsWith('/auth/refresh')).length).toBe(1)
    expect(tokens.read()).toMatchObject({ access: 'new', refresh: 'r2', personId: 7 })
  })

  it('ends the sign-in where it cannot be renewed, and says so once', async () => {
    const { told, send, tokens } = setUp((request) =>
      problem(401, request.url.endsWith('/auth/refresh') ? 'auth.refresh_refused' : 'auth.token_expired'),
    )
    await expect(
      Promise.all([send(new Request(`${BASE}/me`)), send(new Request(`${BASE}/me`))]),
    ).rejects.toMatchObject({
      code: 'auth.refresh_refused',
    })
    expect(told).toEqual(['auth.refresh_refused'])
    expect(tokens.read()).toBeNull()
  })

  it('stays signed in where the server is out of reach meanwhile', async () => {
    const { told, send, tokens } = setUp((request) =>
      request.url.endsWith('/auth/refresh') ? new TypeError('gone') : problem(401, 'auth.token_expired'),
    )
    await expect(send(new Request(`${BASE}/me`))).rejects.toMatchObject({ isUnreachable: true })
    expect(told).toEqual([])
    expect(tokens.read()).not.toBeNull()
  })

  it('takes what another tab has renewed', async () => {
    const { seen, send, tokens } = setUp((request) => {
      if (request.headers.get('Authorization') === 'Bearer theirs') return Response.json({})
      tokens.renew({ ...HELD, access: 'theirs' })
      return problem(401, 'auth.token_expired')
    })
    expect((await send(new Request(`${BASE}/me`))).status).toBe(200)
    expect(seen.some(({ url }) => url.endsWith('/auth/refresh'))).toBe(false)
  })
})

it('a sign-in ended elsewhere signs out here', async () => {
  const { told, send, tokens } = setUp(() => problem(401, 'auth.signed_out'))
  await send(new Request(`${BASE}/me`))
  expect(told).toEqual(['auth.signed_out'])
  expect(tokens.read()).toBeNull()
})

it('a wrong password does not sign out', async () => {
  const { told, send } = setUp(() => problem(401, 'auth.wrong_password'))
  expect((await send(new Request(`${BASE}/auth/password`, { method: 'PUT', body: '{}' }))).status).toBe(401)
  expect(told).toEqual([])
})

it('a duty is told', async () => {
  const { told, send } = setUp(() => problem(403, 'auth.must_change_password'))
  await send(new Request(`${BASE}/staff/policy`))
  expect(told).toEqual(['auth.must_change_password'])
})

it('a sign-in for this tab alone leaves nothing for the others', () => {
  const shared = new Shelf()
  const own = new Shelf()
  const tokens = new TokenStore(shared, own)
  tokens.begin(HELD, true)
  tokens.renew({ ...HELD, access: 'new' })
  expect(new TokenStore(shared, new Shelf()).read()).toBeNull()
  expect(tokens.read()?.access).toBe('new')
})
