/** What a class's page can say before anybody tries. */
import type { ClassView, Reason } from '@/api/types'

/** Not in the person: the clock, the number of places, a pause. They have words of their own. */
const OF_THE_CLASS = new Set(['booking.not_open', 'booking.paused', 'booking.closed', 'booking.full'])

export interface Standing {
  /** What stands in the person's own way. */
  blocked: Reason[]
  /** Nothing in the person is in the way; false where nobody is signed in. */
  mayBook: boolean
}

export function standingOf(line: Pick<ClassView, 'my_booking' | 'my_eligibility'>): Standing {
  if (!line.my_eligibility || line.my_booking) return { blocked: [], mayBook: false }
  const blocked = line.my_eligibility.reasons.filter((each) => !OF_THE_CLASS.has(each.code))
  return { blocked, mayBook: blocked.length === 0 }
}

export type Door =
  | { kind: 'before'; opensAt: number }
  | { kind: 'open'; isWaiting: boolean }
  | { kind: 'shut'; why: string }

/** Whether the window lets requests in at this moment of the server's time. */
export function doorOf(
  line: Pick<ClassView, 'state' | 'is_paused' | 'places_left' | 'waiting_left'>,
  opensAt: number,
  closesAt: number,
  now: number,
): Door {
  if (line.state === 'cancelled') return { kind: 'shut', why: '班次已取消' }
  if (line.state === 'finished') return { kind: 'shut', why: '班次已结束' }
  if (now >= closesAt || line.state === 'closed') return { kind: 'shut', why: '报名已截止' }
  if (now < opensAt) return { kind: 'before', opensAt }
  if (line.is_paused) return { kind: 'shut', why: '报名暂停，恢复后再来' }
  if (line.places_left > 0) return { kind: 'open', isWaiting: false }
  if (line.waiting_left > 0) return { kind: 'open', isWaiting: true }
  return { kind: 'shut', why: '名额和候补都满了' }
}
