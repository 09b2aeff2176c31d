import { describe, expect, it, vi } from 'vitest'
import { ApiError, noAnswer } from '@/api/errors'
import { afterRestart, nextMove, outcomeWord, RESUMED_MS, won } from '@/lib/grab'
import { keep, recall } from '@/lib/storage'
import { useClock } from '@/stores/clock'
import { useGrab } from '@/stores/grab'
import { passing, problem, server } from './fake'

const RULE = 'POST /api/v1/training/classes/*/bookings'
const RECEIPT = {
  id: 'b-1',
  state: 'booked',
  position: null,
  receipt: { sequence: 3, at: '2026-11-28T19:30:00+08:00', hash: 'aa', previous_hash: '' },
  cancel_until: '2026-12-05T19:30:00+08:00',
} as const

function fast(now = 1_000_000): void {
  vi.useFakeTimers({ now })
}

describe('what an answer means', () => {
  const full = new ApiError({ status: 409, code: 'booking.full', detail: '满了', next_step: '看看别的' })
  it('a refusal is over, with why and what next', () => {
    expect(nextMove(full, 1, 0.5)).toEqual({
      kind: 'over',
      outcome: { kind: 'refused', code: 'booking.full', detail: '满了', nextStep: '看看别的', reasons: [] },
    })
  })
  it('no answer is not a refusal: again, and unclear', () => {
    expect(nextMove(noAnswer(), 1, 0.5)).toEqual({ kind: 'again', afterMs: 250, isUnclear: true })
  })
  it('a busy server is asked again no sooner than it says', () => {
    const busy = new ApiError({ status: 503, code: 'booking.desk_busy' }, 4)
    expect(nextMove(busy, 1, 0.5)).toMatchObject({ kind: 'again', afterMs: 4000 })
    const often = new ApiError({ status: 429, code: 'request.too_many' }, 7)
    expect(nextMove(often, 1, 0.5)).toEqual({ kind: 'again', afterMs: 7000, isUnclear: false })
  })
  it('pauses grow, and phones that lost the signal together come back apart', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempt) => nextMove(noAnswer(), attempt, 0.5))
    const ms = pauses.map((move) => (move.kind === 'again' ? move.afterMs : 0))
    expect(ms).toEqual([...ms].sort((one, other) => one - other))
    expect(ms[6]).toBe(8000)
    expect(nextMove(noAnswer(), 3, 0)).not.toEqual(nextMove(noAnswer(), 3, 1))
  })
  it('too early waits for the opening', () => {
    const early = new ApiError({
      status: 409,
      code: 'booking.not_open',
      details: { opens_at: '2026-11-28T19:30:00Z' },
    })
    expect(nextMove(early, 1, 0.5)).toEqual({ kind: 'wait', opensAt: '2026-11-28T19:30:00Z' })
  })
  it('already booked leads to that booking', () => {
    const mine = new ApiError({ status: 409, code: 'booking.already_booked', details: { booking_id: 'b-9' } })
    expect(nextMove(mine, 1, 0.5)).toEqual({ kind: 'over', outcome: { kind: 'already', bookingId: 'b-9' } })
  })
  it('a waiting place is told apart from a place', () => {
    expect(won({ ...RECEIPT }).kind).toBe('booked')
    expect(won({ ...RECEIPT, state: 'waitlisted', position: 4 } as never).kind).toBe('waitlisted')
  })
  it('a request of ten minutes ago is only looked up', () => {
    const pending = { key: 'k', classId: 1, title: '', at: 0 }
    expect(afterRestart(pending, RESUMED_MS)).toBe('resume')
    expect(afterRestart(pending, RESUMED_MS + 1)).toBe('look')
  })
})

describe('grabbing', () => {
  it('repeats with the same key until the answer is certain', async () => {
    fast()
    const phases: string[] = []
    let tried = 0
    server.on(RULE, () => {
      phases.push(useGrab().of(7)?.phase ?? '')
      return (tried += 1) < 4 ? 'lost' : { status: 201, body: RECEIPT }
    })
    const grabs = useGrab()
    await passing(grabs.fire(7, '茶艺师'))
    expect(new Set(server.calls.map((each) => each.header['Idempotency-Key'])).size).toBe(1)
    expect(phases).toEqual(['asking', 'unclear', 'unclear', 'unclear'])
    expect(grabs.of(7)).toMatchObject({
      phase: 'done',
      attempts: 4,
      outcome: { kind: 'booked', receipt: RECEIPT },
    })
    expect(recall('grab:pending')).toBeNull()
  })
  it('stays unclear, never refused, while answers are of a fault', async () => {
    fast()
    let tried = 0
    server.on(RULE, () => {
      if ((tried += 1) === 1) return 'lost'
      if (tried === 2) return problem(409, 'request.still_running')
      if (tried === 3) expect(useGrab().of(7)?.phase).toBe('unclear')
      return tried === 3 ? problem(503, 'booking.desk_busy') : problem(409, 'booking.full')
    })
    await passing(useGrab().fire(7, '茶艺师'))
    expect(useGrab().of(7)?.outcome).toMatchObject({ kind: 'refused', code: 'booking.full' })
  })
  it('is sent once, however often the button is tapped', async () => {
    fast()
    server.on(RULE, () => ({ status: 201, body: RECEIPT }))
    const grabs = useGrab()
    await passing(Promise.all([grabs.fire(7, 'a'), grabs.fire(7, 'a'), grabs.fire(7, 'a')]))
    expect(server.calls.length).toBe(1)
  })
  it('goes on with the kept key after the app was closed', async () => {
    fast()
    keep('grab:pending', [{ key: 'kept-key', classId: 7, title: '茶艺师', at: Date.now() - 5000 }])
    server.on(RULE, () => ({ status: 201, body: RECEIPT }))
    await passing(useGrab().resume())
    expect(server.calls[0].header['Idempotency-Key']).toBe('kept-key')
    expect(useGrab().of(7)?.outcome?.kind).toBe('booked')
    expect(recall('grab:pending')).toBeNull()
  })
  it('keeps a result that came after a restart until somebody has looked at it', async () => {
    fast()
    keep('grab:pending', [{ key: 'k', classId: 7, title: '茶艺师', at: Date.now() - 5000 }])
    server.on(RULE, () => problem(409, 'booking.full'))
    const grabs = useGrab()
    await passing(grabs.resume())
    expect(grabs.unseen().map((each) => outcomeWord(each.outcome!))).toEqual(['没有报上'])
    grabs.see(7)
    expect(grabs.unseen()).toEqual([])
  })
  it('follows an opening that is moved, and a tap before it is the only request', async () => {
    fast(50_000_000)
    server.on(RULE, () => ({ status: 201, body: RECEIPT }))
    const grabs = useGrab()
    const waiting = grabs.arm(7, '茶艺师', Date.now() + 60_000)
    grabs.postpone(7, Date.now() + 1000)
    expect(grabs.of(7)?.opensAt).toBe(Date.now() + 1000)
    await passing(grabs.fire(7, '茶艺师'))
    await passing(waiting)
    expect(server.made('POST /api/v1/training/classes/7/bookings').length).toBe(1)
  })
  it('does not book again after hours: it looks what became of it', async () => {
    fast(100_000_000)
    keep('grab:pending', [{ key: 'k', classId: 7, title: '茶艺师', at: Date.now() - 2 * RESUMED_MS }])
    server.on('GET /api/v1/training/classes/*', () => ({ status: 200, body: { my_booking: null } }))
    await passing(useGrab().resume())
    expect(server.calls.map((each) => each.method)).toEqual(['GET'])
    expect(useGrab().of(7)?.outcome).toMatchObject({ kind: 'refused', code: 'client.lapsed' })
  })
  it('fires by itself at the opening of the server’s time, warmed up before', async () => {
    fast(50_000_000)
    const clock = useClock()
    // This phone's clock is a minute slow.
    const told = new Date(Date.now() + 60_000).toISOString()
    clock.learn({ body: { server_time: told }, headers: {}, sentAt: Date.now(), answeredAt: Date.now() })
    const opensAt = clock.now() + 20_000
    let firedAt = 0
    server.on(RULE, () => {
      firedAt = clock.now()
      return { status: 201, body: RECEIPT }
    })
    server.on('GET /api/v1/training/classes/*', () => ({ status: 200, body: {} }))
    await passing(useGrab().arm(7, '茶艺师', opensAt))
    expect(firedAt).toBeGreaterThanOrEqual(opensAt)
    expect(firedAt - opensAt).toBeLessThan(600)
    expect(server.made('GET /api/v1/training/classes/7').length).toBe(1)
  })
  it('waits where the server says it is too early, and gets the place then', async () => {
    fast(50_000_000)
    const opens = new Date(Date.now() + 1500).toISOString()
    let tried = 0
    server.on(RULE, () =>
      (tried += 1) === 1
        ? problem(409, 'booking.not_open', { details: { opens_at: opens } })
        : { status: 201, body: RECEIPT },
    )
    await passing(useGrab().fire(7, '茶艺师'))
    expect(useGrab().of(7)?.outcome?.kind).toBe('booked')
    expect(Date.now()).toBeGreaterThanOrEqual(50_001_500)
  })
  it('does nothing once it was called off', async () => {
    fast(50_000_000)
    const grabs = useGrab()
    const armed = grabs.arm(7, '茶艺师', Date.now() + 3000)
    grabs.disarm(7)
    await passing(armed)
    expect(server.made('POST /api/v1/training/classes/7/bookings')).toEqual([])
  })
})
