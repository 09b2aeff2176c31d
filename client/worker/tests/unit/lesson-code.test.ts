import { describe, expect, it } from 'vitest'
import { codeAt } from '@/lib/lesson-code'

// Made by the API's own rule (service/training/codes.py) with these keys.
const VECTORS = [
  {
    key: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
    lesson: 7,
    step: 59460000,
    seconds: 30,
    mac: 'Ri8LMSWqzjdHgQ',
    digits: '825338',
  },
  {
    key: '__________________________________________8',
    lesson: 123456,
    step: 1,
    seconds: 30,
    mac: 'As_2EbTVNBaApw',
    digits: '014975',
  },
  {
    key: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE',
    lesson: 9,
    step: 29730021,
    seconds: 60,
    mac: '1BxDV6HMhUPreg',
    digits: '549565',
  },
  {
    key: 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE',
    lesson: 1,
    step: 59459999,
    seconds: 30,
    mac: 'bv7k9KRRD2GvHw',
    digits: '796004',
  },
]

describe('the code reckoned on the phone', () => {
  it.each(VECTORS)('is the one the server makes: lesson $lesson, step $step', (vector) => {
    const lesson = { lesson_id: vector.lesson, key: vector.key, step_seconds: vector.seconds }
    const start = vector.step * vector.seconds * 1000
    for (const now of [start, start + vector.seconds * 1000 - 1]) {
      expect(codeAt(lesson, now)).toEqual({
        code: `${vector.lesson}.${vector.step}.${vector.mac}`,
        digits: vector.digits,
        expiresAt: start + vector.seconds * 1000,
      })
    }
  })

  it('is another one in the next step', () => {
    const lesson = { lesson_id: 7, key: VECTORS[0].key, step_seconds: 30 }
    expect(codeAt(lesson, 30_000).code).not.toBe(codeAt(lesson, 60_000).code)
  })
})
