/** How far a lesson has got. */

import type { Word } from './words'

interface Timed {
  starts_at: string
  ends_at: string
  sealed_at: string | null
}

export function stageOf({ starts_at, ends_at, sealed_at }: Timed, now: number): Word {
  if (sealed_at) return { said: '已封存', tone: 'calm' }
  if (now < Date.parse(starts_at)) return { said: '还没上课', tone: 'calm' }
  if (now < Date.parse(ends_at)) return { said: '上课中', tone: 'good' }
  return { said: '待封存', tone: 'warn' }
}
