import { expect, it } from 'vitest'
import { digits, isWorthSaying, leftText } from '@/lib/countdown'

it('says the two largest units', () => {
  expect(leftText(2 * 86_400_000 + 3 * 3_600_000 + 5)).toBe('2天3小时')
  expect(leftText(3 * 3_600_000 + 5 * 60_000)).toBe('3小时5分')
  expect(leftText(5 * 60_000 + 7_100)).toBe('5分08秒')
  expect(leftText(900)).toBe('1秒')
})
it('never goes below nothing', () => {
  expect(leftText(-5000)).toBe('0秒')
  expect(digits(-1)).toBe('00:00:00')
})
it('ticks in digits, days apart', () => {
  expect(digits(83_500)).toBe('00:01:24')
  expect(digits(86_400_000 + 1000)).toBe('1天 00:00:01')
})
it('is spoken at whole minutes, at thirty and at ten', () => {
  expect([120_000, 60_000, 30_000, 10_000].every(isWorthSaying)).toBe(true)
  expect([119_000, 31_000, 9_000, 0].some(isWorthSaying)).toBe(false)
})
