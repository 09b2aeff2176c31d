/** How a cover stands on a day. */

import type { Word } from '@/lib/words'

interface Cover {
  starts_on: string
  ended_at: string | null
  is_in_force: boolean
}

export function coverWord({ starts_on, ended_at, is_in_force }: Cover, today: string): Word {
  if (ended_at) return { said: '提前结束', tone: 'calm' }
  if (is_in_force) return { said: '代班中', tone: 'good' }
  return starts_on > today ? { said: '还没开始', tone: 'busy' } : { said: '已到期', tone: 'calm' }
}
