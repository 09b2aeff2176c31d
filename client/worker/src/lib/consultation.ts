/** How a consultation stands, and until when there is an answer. */
import type { View } from '@/api/types'
import { dueText } from './due'
import type { Said } from './words'

type Line = View<'ConsultationView'>

const STATES: Record<Line['state'], Said> = {
  waiting: { word: '等答复', tone: 'wait' },
  answered: { word: '已答复', tone: 'good' },
  closed: { word: '已解决', tone: 'quiet' },
}

export function consultationWord(state: Line['state']): Said {
  return STATES[state]
}

/** `律师12月3日 周四前，还有5天答复`; '' where nobody waits. */
export function answerText(line: Pick<Line, 'state' | 'due_on'>, now: number): string {
  if (line.state !== 'waiting' || !line.due_on) return ''
  return `律师答复：${dueText(line.due_on, now)}`
}
