import { describe, expect, it, vi } from 'vitest'
import { better, exactSample, headerSample } from '@/lib/server-time'
import { useClock } from '@/stores/clock'

describe('reckoning the server’s time', () => {
  it('takes the middle of the way there and back', () => {
    expect(exactSample(10_000, 1_000, 1_400)).toEqual({ offset: 8_800, error: 200, takenAt: 1_400 })
  })
  it('a Date header is half a second less sure', () => {
    expect(headerSample('Sat, 28 Nov 2026 12:00:00 GMT', 0, 100)?.error).toBe(550)
    expect(headerSample('nonsense', 0, 100)).toBeNull()
    expect(headerSample(undefined, 0, 100)).toBeNull()
  })
  it('keeps the surer of two that agree', () => {
    const sure = { offset: 100, error: 20, takenAt: 1_000 }
    const vague = { offset: 300, error: 900, takenAt: 2_000 }
    expect(better(sure, vague)).toBe(sure)
    expect(better(vague, { ...sure, takenAt: 3_000 }).error).toBe(20)
    expect(better(null, vague)).toBe(vague)
  })
  it('believes the newer where both cannot be true: the phone’s clock was set', () => {
    const before = { offset: 100, error: 20, takenAt: 1_000 }
    const after = { offset: -60_000, error: 500, takenAt: 2_000 }
    expect(better(before, after)).toBe(after)
  })
  it('lets an old one go', () => {
    const old = { offset: 100, error: 1, takenAt: 0 }
    const found = { offset: 150, error: 80, takenAt: 11 * 60_000 }
    expect(better(old, found)).toBe(found)
  })
})

describe('the clock', () => {
  it('goes by the server and ticks only while watched', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const clock = useClock()
    clock.learn({
      body: { server_time: '1970-01-01T01:00:00.000000+00:00' },
      headers: {},
      sentAt: 1_000_000,
      answeredAt: 1_000_000,
    })
    expect(clock.now()).toBe(3_600_000)
    const stop = clock.watch()
    vi.advanceTimersByTime(1_000)
    expect(clock.tick).toBe(3_601_000)
    stop()
    stop()
    vi.advanceTimersByTime(5_000)
    expect(clock.tick).toBe(3_601_000)
    expect(clock.now()).toBe(3_606_000)
  })
})
