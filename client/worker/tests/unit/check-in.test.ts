import { describe, expect, it, vi } from 'vitest'
import { keep, recall } from '@/lib/storage'
import { isDigits, useCheckIn } from '@/stores/check-in'
import { passing, problem, server } from './fake'

const RULE = 'POST /api/v1/training/attendance'
const DONE = { detail: '签到成功', state: 'present' }

it('six digits are told from a scanned code', () => {
  expect([isDigits('123456'), isDigits('12345'), isDigits('7.59460000.mFZt')]).toEqual([true, false, false])
})

describe('checking in', () => {
  it('sends digits or the code, and a name the phone gave itself', async () => {
    server.on(RULE, () => ({ status: 200, body: DONE }))
    const checkIn = useCheckIn()
    await checkIn.send(' 123456 ', null)
    await checkIn.send('7.594.abc', { lat: 22.7, lng: 100.9, accuracy: 30 })
    const [digits, code] = server.calls.map((each) => each.data as Record<string, unknown>)
    expect(digits).toMatchObject({ digits: '123456', place: null })
    expect(code).toMatchObject({ code: '7.594.abc', place: { lat: 22.7 } })
    expect(digits.device).toBe(code.device)
    expect([checkIn.phase, checkIn.outcome?.detail]).toEqual(['done', '签到成功'])
  })
  it('is sent again with the same key, and kept while nobody knows', async () => {
    vi.useFakeTimers()
    const checkIn = useCheckIn()
    await passing(checkIn.send('123456', null))
    expect(checkIn.phase).toBe('unclear')
    expect(recall('check-in:pending')).not.toBeNull()
    server.on(RULE, () => ({ status: 200, body: DONE }))
    await passing(checkIn.resume())
    expect(checkIn.phase).toBe('done')
    expect(new Set(server.calls.map((each) => each.header['Idempotency-Key'])).size).toBe(1)
    expect(recall('check-in:pending')).toBeNull()
  })
  it('tells a refusal, which nothing is kept of', async () => {
    server.on(RULE, () => problem(409, 'attendance.code_expired', { next_step: '请扫屏幕上最新的码' }))
    const checkIn = useCheckIn()
    await checkIn.send('123456', null)
    expect([checkIn.phase, checkIn.refusal?.code]).toEqual(['refused', 'attendance.code_expired'])
    expect(recall('check-in:pending')).toBeNull()
  })
  it('does not send an old one: its code has run out', async () => {
    keep('check-in:pending', { key: 'k', text: '123456', place: null, at: Date.now() - 10 * 60_000 })
    await useCheckIn().resume()
    expect([server.calls.length, recall('check-in:pending')]).toEqual([0, null])
  })
})
