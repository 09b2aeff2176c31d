import { describe, expect, it } from 'vitest'
import {
  addDays,
  clockText,
  dayOf,
  dayText,
  dayTyped,
  exactText,
  instant,
  spanText,
  weekdayText,
  whenText,
} from '@/lib/times'

const NOW = instant('2026-11-28T20:00:00+08:00')

describe('instants', () => {
  it('reads microseconds, offsets and Z alike', () => {
    expect(instant('2026-11-28T19:30:00.123456+08:00')).toBe(Date.UTC(2026, 10, 28, 11, 30, 0, 123))
    expect(instant('2026-11-28T11:30:00Z')).toBe(Date.UTC(2026, 10, 28, 11, 30))
    expect(instant('2026-11-28T06:00:00-05:30')).toBe(Date.UTC(2026, 10, 28, 11, 30))
    expect(instant('2026-11-28T11:30:00.5+00:00') % 1000).toBe(500)
  })
  it('refuses what is no instant', () => {
    expect(() => instant('2026-11-28')).toThrow(RangeError)
    expect(() => instant('yesterday')).toThrow(RangeError)
  })
})

describe('what is said of an instant, in Shanghai', () => {
  it('a late evening in UTC is the next day', () => {
    const at = instant('2026-11-28T16:05:09+00:00')
    expect([dayOf(at), clockText(at), exactText(at)]).toEqual(['2026-11-29', '00:05', '00:05:09'])
    expect(whenText(at, NOW)).toBe('明天 00:05')
  })
  it('near days have names, far ones weekdays, other years their number', () => {
    expect(dayText(NOW, NOW)).toBe('今天')
    expect(dayText(NOW - 86_400_000, NOW)).toBe('昨天')
    expect(dayText(instant('2026-12-01T08:00:00+08:00'), NOW)).toBe('12月1日 周二')
    expect(dayText(instant('2027-01-01T08:00:00+08:00'), NOW)).toBe('2027年1月1日 周五')
  })
  it('a span says its day once', () => {
    const from = instant('2026-11-29T14:00:00+08:00')
    expect(spanText(from, from + 3 * 3_600_000, NOW)).toBe('明天 14:00–17:00')
    expect(spanText(from, from + 27 * 3_600_000, NOW)).toBe('明天 14:00 至 11月30日 周一 17:00')
  })
  it('days are added over the ends of months', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(weekdayText('2026-11-28')).toBe('周六')
  })
})

describe('a day as it is typed', () => {
  it.each(['20240531', '2024.05.31', '2024-05-31', '2024/05/31'])('%s is one at once', (text) => {
    expect(dayTyped(text)).toBe('2024-05-31')
  })
  it('is waited for where it could go on', () => {
    expect(dayTyped('2024.5.3')).toBe('2024.5.3')
    expect(dayTyped('2024.5.3', true)).toBe('2024-05-03')
    expect(dayTyped('2024年5月31日', true)).toBe('2024-05-31')
    expect(dayTyped('前年', true)).toBe('前年')
  })
})
