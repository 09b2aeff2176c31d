import { describe, expect, it, vi } from 'vitest'
import { call } from '@/api/client'
import { keepTokens } from '@/api/tokens'
import { useLoader } from '@/composables/loader'
import { usePager } from '@/composables/pager'
import { recall } from '@/lib/storage'
import { useSession } from '@/stores/session'
import { passing, problem, server } from './fake'

interface Line {
  id: number
}
const INBOX = 'GET /api/v1/me/inbox'
const line = (id: number): Line => ({ id })
const ask = (page: number) =>
  call('get', '/api/v1/me/inbox', { query: { page } }) as unknown as Promise<{
    items: Line[]
    page: number
    per_page: number
    total: number
  }>

describe('what a page shows', () => {
  it('is loading, then ready; empty where nothing came', async () => {
    server.on(INBOX, () => ({ status: 200, body: { items: [] } }))
    const page = useLoader(() => ask(1), { isEmpty: (data) => data.items.length === 0 })
    expect(page.state).toBe('loading')
    await page.load()
    expect(page.state).toBe('empty')
  })
  it('asks to sign in first, and asks the server nothing', async () => {
    const page = useLoader(() => ask(1), { needsSignIn: true })
    await page.load()
    expect([page.state, server.calls.length]).toEqual(['sign-in', 0])
  })
  it('tells no signal from an error', async () => {
    vi.useFakeTimers()
    const page = useLoader(() => ask(1))
    await passing(page.load())
    expect(page.state).toBe('offline')
    server.on(INBOX, () => problem(404, 'request.not_found'))
    await passing(page.load())
    expect(page.state).toBe('error')
  })
  it('shows what was last seen while there is no signal, and says so', async () => {
    vi.useFakeTimers()
    server.on(INBOX, () => ({ status: 200, body: { items: [line(1)] } }))
    await passing(useLoader(() => ask(1), { cache: 'inbox' }).load())
    server.reset()
    const later = useLoader(() => ask(1), { cache: 'inbox' })
    await passing(later.load())
    expect([later.state, later.isStale, later.data?.items]).toEqual(['ready', true, [line(1)]])
  })
  it('does not show what is no longer there', async () => {
    server.on(INBOX, () => ({ status: 200, body: { items: [line(1)] } }))
    const page = useLoader(() => ask(1))
    await page.load()
    server.on(INBOX, () => problem(404, 'request.not_found'))
    await page.load()
    expect([page.state, page.data]).toEqual(['error', null])
  })
  it('keeps the answer to the later question', async () => {
    const answers: Array<(reply: { status: number; body: unknown }) => void> = []
    server.on(INBOX, () => new Promise((resolve) => answers.push(resolve)))
    const page = useLoader(() => ask(1))
    const first = page.load()
    const second = page.load()
    await vi.waitFor(() => expect(answers.length).toBe(2))
    answers[1]({ status: 200, body: { items: [line(2)] } })
    answers[0]({ status: 200, body: { items: [line(1)] } })
    await Promise.all([first, second])
    expect(page.data?.items).toEqual([line(2)])
  })
})

describe('a list', () => {
  it('grows page by page, each line once', async () => {
    server.on(INBOX, (sent) => {
      const page = sent.url.includes('page=2') ? 2 : 1
      const items = page === 1 ? [line(1), line(2)] : [line(2), line(3)]
      return { status: 200, body: { items, page, per_page: 2, total: 4 } }
    })
    const pager = usePager<Line>(ask)
    await pager.first.load()
    expect([pager.items, pager.hasMore]).toEqual([[line(1), line(2)], true])
    await pager.more()
    expect([pager.items, pager.hasMore]).toEqual([[line(1), line(2), line(3)], false])
    await pager.more()
    expect(server.calls.length).toBe(2)
  })
  it('keeps what it has where the next page does not come', async () => {
    server.on(INBOX, () => ({ status: 200, body: { items: [line(1)], page: 1, per_page: 1, total: 9 } }))
    const pager = usePager<Line>(ask)
    await pager.first.load()
    server.on(INBOX, () => problem(409, 'request.conflict'))
    await pager.more()
    expect(pager.items).toEqual([line(1)])
    expect(pager.refusal?.code).toBe('request.conflict')
  })
})

describe('the session', () => {
  const ME = { person: { id: 1, name: '岩温', is_verified: true }, roles: [], membership: null }
  it('begins with the tokens and who one is, and ends with nothing personal left', async () => {
    server.on('POST /api/v1/auth/wechat', () => ({
      status: 200,
      body: { access_token: 'a', refresh_token: 'r', expires_in: 3600 },
    }))
    server.on('GET /api/v1/me', () => ({ status: 200, body: ME }))
    server.on('POST /api/v1/auth/logout', () => ({ status: 204 }))
    const session = useSession()
    await session.byWeChat('code')
    expect([session.isSignedIn, session.isVerified, session.me?.person.name]).toEqual([true, true, '岩温'])
    await session.signOut()
    expect([session.isSignedIn, session.me, recall('me'), recall('tokens')]).toEqual([
      false,
      null,
      null,
      null,
    ])
  })
  it('says why it was ended by the server', async () => {
    keepTokens({ access_token: 'a', refresh_token: 'r', expires_in: 3600 })
    const session = useSession()
    server.on('GET /api/v1/me', () => problem(401, 'auth.signed_out'))
    await expect(session.loadMe()).rejects.toMatchObject({ code: 'auth.signed_out' })
    expect(session.isSignedIn).toBe(false)
    expect(session.endedBecause).not.toBe('')
  })
})
