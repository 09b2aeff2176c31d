import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { keepTokens } from '@/api/tokens'
import { keep } from '@/lib/storage'
import { useMarks } from '@/stores/marks'
import { useSession } from '@/stores/session'
import { problem, server, storage } from './fake'

const LESSON = { lesson_id: 7, title: '第一课', starts_at: '2026-11-28T19:00:00+08:00' }
const ZHANG = { worker_id: 1, name: '张三' }
const LI = { worker_id: 2, name: '李四' }
const URL = '/api/v1/staff/training/lessons/7/attendance'

interface Item {
  client_id: string
  worker_id: number
  state: string
}
const applied = ({ client_id, worker_id, state }: Item) => ({
  client_id,
  worker_id,
  result: 'applied',
  state,
  code: '',
  detail: '',
  next_step: null,
})
const sentItems = (index: number) => (server.made(`PUT ${URL}`)[index].data as { marks: Item[] }).marks

function signIn(personId: number): void {
  keepTokens({ access_token: 'a', refresh_token: 'r', expires_in: 3600 })
  keep('me', {
    person: { id: personId, name: '教师', is_verified: true },
    roles: [{ role: 'trainer' }],
    membership: null,
  })
}

/** As after the app was closed and opened again. */
function opened(): ReturnType<typeof useMarks> {
  setActivePinia(createPinia())
  return useMarks()
}

beforeEach(() => {
  signIn(5)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  server.on('GET /api/v1/me', () => ({
    status: 200,
    body: { person: { id: 5 }, roles: [{ role: 'trainer' }], membership: null },
    headers: { date: new Date().toUTCString() },
  }))
})

describe('marks made without signal', () => {
  it('survive a reload and arrive once', async () => {
    let marks = opened()
    marks.mark(LESSON, ZHANG, { state: 'present' })
    marks.mark(LESSON, LI, { state: 'absent' })
    expect(await marks.send(LESSON)).toBe(false)

    marks = opened()
    expect(marks.waiting).toBe(2)
    server.on(`PUT ${URL}`, (call) => ({
      status: 200,
      body: { items: (call.data as { marks: Item[] }).marks.map(applied), counts: {}, sealed_at: null },
    }))
    await marks.sendAll()
    expect(marks.waiting).toBe(0)
    const sent = server.made(`PUT ${URL}`).length
    await marks.sendAll()
    expect(server.made(`PUT ${URL}`)).toHaveLength(sent)
    expect(marks.sheets[7].marks.map((each) => each.answer?.result)).toEqual(['applied', 'applied'])
  })

  it('are the same records when the answer was lost', async () => {
    const marks = opened()
    marks.mark(LESSON, ZHANG, { state: 'present' })
    server.on(`PUT ${URL}`, () => 'lost')
    await marks.send(LESSON)
    await marks.send(LESSON)
    const [first, second] = [sentItems(0), sentItems(2)]
    expect(second).toEqual(first)
  }, 15_000)

  it('belong to who made them', () => {
    opened().mark(LESSON, ZHANG, { state: 'present' })
    signIn(6)
    expect(opened().waiting).toBe(0)
    signIn(5)
    expect(opened().waiting).toBe(1)
  })

  it('outlive a sign-in that has ended', () => {
    const marks = opened()
    marks.mark(LESSON, ZHANG, { state: 'present' })
    useSession().forget()
    expect([...storage.keys()].filter((key) => key.startsWith('gongyun:marks:5:'))).toHaveLength(1)
  })
})

describe('what the server does not take', () => {
  it('is kept with its reason until it is read, one by one', async () => {
    const marks = opened()
    marks.mark(LESSON, ZHANG, { state: 'present' })
    marks.mark(LESSON, LI, { state: 'present' })
    server.on(`PUT ${URL}`, (call) => {
      const [one, other] = (call.data as { marks: Item[] }).marks
      const refused = {
        ...applied(other),
        result: 'refused',
        state: null,
        code: 'attendance.sheet_sealed',
        detail: '签到表已封存',
      }
      return { status: 200, body: { items: [applied(one), refused], counts: {}, sealed_at: null } }
    })
    expect(await marks.send(LESSON)).toBe(true)
    const told = opened().sheets[7].marks
    expect(told.map((each) => each.answer?.detail)).toEqual(['', '签到表已封存'])
    marks.putAway(LESSON, told[1].client_id)
    marks.putAway(LESSON)
    expect(marks.sheets[7]).toBeUndefined()
  })

  it('waits as a whole, with the reason, where the lesson is refused; and is not sent again by itself', async () => {
    const marks = opened()
    marks.mark(LESSON, ZHANG, { state: 'present' })
    server.on(`PUT ${URL}`, () => problem(409, 'attendance.class_not_held', { detail: '这个班已取消' }))
    await marks.sendAll()
    await marks.sendAll()
    expect(server.made(`PUT ${URL}`)).toHaveLength(1)
    expect(marks.sheets[7].problem?.detail).toBe('这个班已取消')
    expect(marks.waiting).toBe(1)
  })

  it('says so when the phone can keep no more', () => {
    const marks = opened()
    vi.stubGlobal('uni', { ...uni, setStorageSync: () => { throw new Error('full') } }) // prettier-ignore
    marks.mark(LESSON, ZHANG, { state: 'present' })
    expect(marks.isFull).toBe(true)
    expect(marks.waiting).toBe(1)
  })
})
