/** How far a lesson has got. */

import type { Word } from './words'

interface Timed {
  starts_at: string
  ends_at: string
  sealed_at: string | null
}

/** 何罕欣 -> 何*欣: oneself knows who is meant, on a screen everybody in the room can photograph. */
export function maskName(name: string): string {
  const letters = [...name]
  if (letters.length < 2) return name
  if (letters.length === 2) return `${letters[0]}*`
  return `${letters[0]}*${letters.at(-1)}`
}

export function stageOf({ starts_at, ends_at, sealed_at }: Timed, now: number): Word {
  if (sealed_at) return { said: '已封存', tone: 'calm' }
  if (now < Date.parse(starts_at)) return { said: '还没上课', tone: 'calm' }
  if (now < Date.parse(ends_at)) return { said: '上课中', tone: 'good' }
  return { said: '待封存', tone: 'warn' }
}
