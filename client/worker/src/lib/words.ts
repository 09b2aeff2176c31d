/** The Chinese words of closed lists, as docs/words.md has them. A state is told in words and a sign, never by colour
 * alone. */
import type { BookingState, ClassLine, LessonMode } from '@/api/types'

export type Tone = 'good' | 'wait' | 'bad' | 'info' | 'quiet'
export interface Said {
  word: string
  tone: Tone
}

const BOOKING: Record<BookingState, Said> = {
  booked: { word: '已报名', tone: 'good' },
  waitlisted: { word: '候补中', tone: 'wait' },
  offered: { word: '名额待确认', tone: 'wait' },
  cancelled: { word: '已取消', tone: 'quiet' },
  declined: { word: '已放弃', tone: 'quiet' },
  expired: { word: '已过期', tone: 'quiet' },
  passed_over: { word: '已跳过', tone: 'quiet' },
  removed: { word: '已被移除', tone: 'bad' },
  lapsed: { word: '候补失效', tone: 'quiet' },
  withdrawn: { word: '班次取消', tone: 'bad' },
}

const MODES: Record<LessonMode, string> = {
  online: '线上',
  on_site: '线下',
  simulated: '模拟',
  hands_on: '实训',
}

const MARKS: Record<string, Said> = {
  present: { word: '到课', tone: 'good' },
  late: { word: '迟到', tone: 'wait' },
  left_early: { word: '早退', tone: 'wait' },
  excused: { word: '请假', tone: 'info' },
  absent: { word: '缺课', tone: 'bad' },
  made_up: { word: '补课', tone: 'good' },
}

export function bookingWord(state: BookingState): Said {
  return BOOKING[state]
}

export function modeWord(mode: LessonMode): string {
  return MODES[mode]
}

export function markWord(state: string | null): Said | null {
  return state ? (MARKS[state] ?? null) : null
}

export const CLASS_STATES: Array<{ code: string; name: string }> = [
  { code: 'open', name: '报名中' },
  { code: 'published', name: '即将报名' },
  { code: 'full', name: '已满' },
  { code: 'running', name: '开课中' },
  { code: 'closed', name: '报名截止' },
]

/** How a class stands for somebody who wants a place, at this moment of the server's time. */
export function classWord(line: Pick<ClassLine, 'state' | 'is_paused' | 'waiting_left'>): Said {
  if (line.is_paused) return { word: '暂停报名', tone: 'wait' }
  switch (line.state) {
    case 'open':
      return { word: '报名中', tone: 'good' }
    case 'published':
      return { word: '即将报名', tone: 'info' }
    case 'full':
      return line.waiting_left > 0 ? { word: '已满，可候补', tone: 'wait' } : { word: '已满', tone: 'quiet' }
    case 'running':
      return { word: '开课中', tone: 'info' }
    case 'finished':
      return { word: '已结束', tone: 'quiet' }
    case 'cancelled':
      return { word: '已取消', tone: 'bad' }
    default:
      return { word: '报名截止', tone: 'quiet' }
  }
}
