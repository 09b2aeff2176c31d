/** A lesson's roster as the trainer sees it: what the server said, and over it what is still on this phone. */
import type { View } from '@/api/types'
import { waitingFor, type KeptMark, type MarkState } from './kept-marks'

export type RosterLine = View<'LessonRosterLine'>

export interface SeenLine {
  line: RosterLine
  /** The mark on this phone that has not been answered yet. */
  waiting: KeptMark | null
  hasMark: boolean
  /** The server asks the trainer to look at the person, and nobody has yet. */
  needsLook: boolean
}

export type Filter = 'all' | 'unmarked' | 'look' | 'waiting'

export function seenLines(lines: RosterLine[], marks: KeptMark[]): SeenLine[] {
  return lines.map((line) => {
    const waiting = waitingFor(marks, line.worker_id)
    return {
      line,
      waiting,
      hasMark: waiting !== null || line.state !== null,
      needsLook: line.is_doubtful && !line.is_confirmed && waiting === null,
    }
  })
}

const FITS: Record<Filter, (seen: SeenLine) => boolean> = {
  all: () => true,
  unmarked: (seen) => !seen.hasMark,
  look: (seen) => seen.needsLook,
  waiting: (seen) => seen.waiting !== null,
}

export function filtered(seen: SeenLine[], filter: Filter, name: string): SeenLine[] {
  const wanted = name.trim()
  return seen.filter((each) => FITS[filter](each) && (!wanted || each.line.name.includes(wanted)))
}

export function countOf(seen: SeenLine[], filter: Filter): number {
  return seen.filter(FITS[filter]).length
}

/** The roster with the answers that came for marks of this phone, without asking for all of it again. */
export function withAnswers(lines: RosterLine[], marks: KeptMark[]): RosterLine[] {
  const told = new Map<number, KeptMark>()
  for (const mark of marks) if (mark.answer?.state) told.set(mark.worker_id, mark)
  return lines.map((line) => {
    const mark = told.get(line.worker_id)
    if (!mark?.answer?.state) return line
    const state = mark.answer.state as MarkState
    // What did not prevail leaves the mark as somebody else made it.
    if (mark.answer.code) return { ...line, state }
    return { ...line, state, source: 'trainer', is_doubtful: false }
  })
}
