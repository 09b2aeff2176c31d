import { describe, expect, it, vi } from 'vitest'
import { address, call } from '@/api/client'
import { ApiError, NO_ANSWER } from '@/api/errors'
import { isSignedIn, keepTokens, onEnd, onSignInElsewhere } from '@/api/tokens'
import { passing, problem, server, storage } from './fake'

const TOKENS = { access_token: 'a1', refresh_token: 'r1', expires_in: 3600 }
const CLASSES = '/api/v1/training/classes'
const BOOK = '/api/v1/training/classes/{class_id}/bookings'

async function refused(promise: Promise<unknown>): Promise<ApiError> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ApiError)
  return thrown as ApiError
}

it('builds addresses, leaving out what was not asked', () => {
  expect(address('/a/{id}/b', { id: 'x/y' }, { q: '茶 艺', page: 1, county: '', none: undefined })).toBe(
    '/a/x%2Fy/b?q=%E8%8C%B6%20%E8%89%BA&page=1',
  )
})

it('asks nobody where it is not said of what', async () => {
  const error = await refused(call('get', '/api/v1/me/legal-aid/cases/{case_id}', { path: { case_id: '' } }))
  expect(error).toMatchObject({ status: 404, code: 'client.not_named', isOffline: false })
  expect(error.next_step).not.toBe('')
  expect(server.calls).toEqual([])
})

describe('an answer', () => {
  it('is handed over, with the token shown', async () => {
    keepTokens(TOKENS)
    server.on(`GET ${CLASSES}`, () => ({ status: 200, body: { items: [] } }))
    expect(await call('get', CLASSES)).toEqual({ items: [] })
    expect(server.calls[0].header.Authorization).toBe('Bearer a1')
  })
  it('that is a problem becomes an ApiError with all it says', async () => {
    const said = { next_step: '去认证', details: { name: ['必填'] } }
    server.on(`GET ${CLASSES}`, () => problem(422, 'request.invalid', said))
    const error = await refused(call('get', CLASSES))
    expect(error).toMatchObject({ status: 422, code: 'request.invalid', request_id: 'r-1', ...said })
    expect(error.isUnclear).toBe(false)
  })
  it('of a gateway is not taken for ours', async () => {
    vi.useFakeTimers()
    server.on(`GET ${CLASSES}`, () => ({ status: 502, body: '<html>' }))
    const error = await passing(refused(call('get', CLASSES)))
    expect(error.isUnclear).toBe(true)
    expect(server.calls.length).toBe(3)
  })
})

describe('a lost signal', () => {
  it('sends a write again with the same key', async () => {
    vi.useFakeTimers()
    let tried = 0
    server.on('POST /api/v1/training/classes/*/bookings', () =>
      (tried += 1) < 3 ? 'lost' : { status: 201, body: { id: 'b' } },
    )
    expect(await passing(call('post', BOOK, { path: { class_id: 7 }, body: {} }))).toEqual({ id: 'b' })
    const keys = server.calls.map((each) => each.header['Idempotency-Key'])
    expect(keys.length).toBe(3)
    expect(new Set(keys).size).toBe(1)
  })
  it('does not repeat a sign-in, which has no key', async () => {
    const error = await refused(call('post', '/api/v1/auth/wechat', { body: { code: 'c' } }))
    expect(error.code).toBe(NO_ANSWER)
    expect(server.calls.length).toBe(1)
    expect(server.calls[0].header['Idempotency-Key']).toBeUndefined()
  })
  it('does not repeat what was refused', async () => {
    server.on('POST /api/v1/training/classes/*/bookings', () => problem(409, 'booking.full'))
    expect((await refused(call('post', BOOK, { path: { class_id: 7 }, body: {} }))).code).toBe('booking.full')
    expect(server.calls.length).toBe(1)
  })
})

describe('tokens', () => {
  it('that ran out are renewed once for all who wait, and the requests repeated', async () => {
    keepTokens(TOKENS)
    server.on(`GET ${CLASSES}`, (sent) =>
      sent.header.Authorization === 'Bearer a2'
        ? { status: 200, body: {} }
        : problem(401, 'auth.token_expired'),
    )
    server.on('POST /api/v1/auth/refresh', () => ({
      status: 200,
      body: { access_token: 'a2', refresh_token: 'r2', expires_in: 3600 },
    }))
    await Promise.all([call('get', CLASSES), call('get', CLASSES), call('get', CLASSES)])
    expect(server.made('POST /api/v1/auth/refresh').length).toBe(1)
    expect(server.made('POST /api/v1/auth/refresh')[0].data).toEqual({ refresh_token: 'r1' })
  })
  it('about to run out are renewed before they are used', async () => {
    keepTokens({ ...TOKENS, expires_in: 30 })
    server.on('POST /api/v1/auth/refresh', () => ({
      status: 200,
      body: { access_token: 'a2', refresh_token: 'r2', expires_in: 3600 },
    }))
    server.on(`GET ${CLASSES}`, () => ({ status: 200, body: {} }))
    await call('get', CLASSES)
    expect(server.made(`GET ${CLASSES}`)[0].header.Authorization).toBe('Bearer a2')
  })
  it('renewed by another tab are taken from where both keep them', async () => {
    keepTokens({ ...TOKENS, expires_in: 30 })
    const elsewhere = { access: 'b2', refresh: 'r2', endsAt: Date.now() + 3_600_000 }
    storage.set('gongyun:tokens', JSON.stringify(elsewhere))
    server.on(`GET ${CLASSES}`, () => ({ status: 200, body: {} }))
    await call('get', CLASSES)
    expect(server.made(`GET ${CLASSES}`)[0].header.Authorization).toBe('Bearer b2')
    expect(server.made('POST /api/v1/auth/refresh')).toEqual([])
  })
  it('last as long as the page where nothing can be stored', async () => {
    vi.spyOn(uni, 'setStorageSync').mockImplementation(() => {
      throw new Error('full')
    })
    keepTokens(TOKENS)
    expect(isSignedIn()).toBe(true)
  })
  it('of another sign-in in another tab are told, a renewal there is not', () => {
    const told = vi.fn()
    onSignInElsewhere(told)
    const happen = (oldValue: string | null, newValue: string | null) =>
      window.dispatchEvent(new StorageEvent('storage', { key: 'gongyun:tokens', oldValue, newValue }))
    happen('old', 'renewed')
    expect(told).not.toHaveBeenCalled()
    happen('old', null)
    happen(null, 'other')
    expect(told).toHaveBeenCalledTimes(2)
  })
  it('whose renewal gets no answer are still tried', async () => {
    keepTokens({ ...TOKENS, expires_in: 30 })
    server.on(`GET ${CLASSES}`, () => ({ status: 200, body: {} }))
    await call('get', CLASSES)
    expect(server.made(`GET ${CLASSES}`)[0].header.Authorization).toBe('Bearer a1')
    expect(isSignedIn()).toBe(true)
  })
  it('of an ended sign-in are dropped, and who listens is told', async () => {
    const ended = vi.fn()
    onEnd(ended)
    keepTokens(TOKENS)
    server.on(`GET ${CLASSES}`, () => problem(401, 'auth.signed_out'))
    await refused(call('get', CLASSES))
    expect(isSignedIn()).toBe(false)
    expect(ended).toHaveBeenCalledWith('auth.signed_out')
  })
  it('refused at their renewal end the sign-in too', async () => {
    keepTokens(TOKENS)
    server.on(`GET ${CLASSES}`, () => problem(401, 'auth.token_expired'))
    server.on('POST /api/v1/auth/refresh', () => problem(401, 'auth.refresh_refused'))
    expect((await refused(call('get', CLASSES))).code).toBe('auth.refresh_refused')
    expect(isSignedIn()).toBe(false)
  })
})
