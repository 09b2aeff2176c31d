/** Marks of attendance kept on the phone until the server has answered each of them.
 *
 * A mark gets its id and its time when the button is tapped. Once it may have reached the server its content never
 * changes: sent again it is the same record, and the server counts it once. Pure functions; the store keeps the outcome. */
import type { View } from '@/api/types'

export type MarkState = View<'MarkView'>['state']
export type ItemAnswer = Pick<
  View<'ItemView'>,
  'client_id' | 'result' | 'state' | 'code' | 'detail' | 'next_step'
>

/** What is done to one person: a state, or that she leaves now. */
export type Deed = { state: MarkState } | { isLeaving: true }

export interface MarkItem {
  worker_id: number
  client_id: string
  at: string
  state?: MarkState
  left_at?: string
}

export interface KeptMark {
  worker_id: number
  client_id: string
  name: string
  deed: Deed
  /** When it was tapped, ms by the clock below. */
  at: number
  /** The server's time was not known then: `at` is the phone's, to be put right before the first sending. */
  isRough: boolean
  /** It may have reached the server. */
  isTried: boolean
  answer: ItemAnswer | null
}

/** The server takes no more in one batch. */
export const MOST = 500

/** With the new mark. What stood for the same person and was never sent is replaced: only the last word counts. */
export function withMark(marks: KeptMark[], mark: KeptMark): KeptMark[] {
  const others = marks.filter(
    (each) => each.worker_id !== mark.worker_id || (isWaiting(each) && each.isTried),
  )
  return [...others, mark]
}

/** Without this one, as long as it was never sent; a word that may have been heard cannot be taken back like that. */
export function withoutMark(marks: KeptMark[], clientId: string): KeptMark[] {
  return marks.filter((each) => each.client_id !== clientId || each.isTried)
}

export function isWaiting(mark: KeptMark): boolean {
  return mark.answer === null
}

/** What the server did not take, or took without following it: somebody has to read why. */
export function isTroubled(mark: KeptMark): boolean {
  return mark.answer !== null && (mark.answer.result === 'refused' || Boolean(mark.answer.code))
}

/** The marks as they stand while a batch is under way: those in it are tried, with their time put right by `offset`
 * (server time minus phone time; null where it is not known). What went well before is no longer told. */
export function beforeSending(marks: KeptMark[], offset: number | null): KeptMark[] {
  const kept = marks.filter((each) => isWaiting(each) || isTroubled(each))
  const sent = new Set(kept.filter(isWaiting).slice(0, MOST))
  return kept.map((each) => {
    if (!sent.has(each)) return each
    if (each.isTried || !each.isRough || offset === null) return { ...each, isTried: true }
    return { ...each, at: Math.round(each.at + offset), isRough: false, isTried: true }
  })
}

/** The batch: what waits and was made ready by `beforeSending`. */
export function batchOf(marks: KeptMark[]): MarkItem[] {
  return marks.filter((each) => isWaiting(each) && each.isTried).map(itemOf)
}

function itemOf(mark: KeptMark): MarkItem {
  const at = new Date(mark.at).toISOString()
  const { worker_id, client_id, deed } = mark
  return 'state' in deed
    ? { worker_id, client_id, at, state: deed.state }
    : { worker_id, client_id, at, left_at: at }
}

/** With the server's answers; what it did not answer goes on waiting. */
export function afterSending(marks: KeptMark[], answers: ReadonlyArray<ItemAnswer>): KeptMark[] {
  const byId = new Map(answers.map((each) => [each.client_id, each]))
  return marks.map((each) => {
    const found = byId.get(each.client_id)
    if (!found || !isWaiting(each)) return each
    const { client_id, result, state, code, detail, next_step } = found
    return { ...each, answer: { client_id, result, state, code, detail, next_step } }
  })
}

/** Without what has been read: everything answered, or one of them. */
export function withoutAnswered(marks: KeptMark[], clientId?: string): KeptMark[] {
  return marks.filter((each) => isWaiting(each) || (clientId !== undefined && each.client_id !== clientId))
}

/** The last word about a person that still waits. */
export function waitingFor(marks: KeptMark[], workerId: number): KeptMark | null {
  const found = marks.filter((each) => each.worker_id === workerId && isWaiting(each))
  return found[found.length - 1] ?? null
}

const STATES: Record<MarkState, string> = {
  present: '到课',
  late: '迟到',
  left_early: '早退',
  excused: '请假',
  absent: '缺课',
  made_up: '补课',
}

export function deedWord(deed: Deed): string {
  return 'state' in deed ? STATES[deed.state] : '早退'
}

/** What became of a mark, in words. */
export function answerText(mark: KeptMark): string {
  const { answer } = mark
  if (!answer) return mark.isTried ? '已发出，还没收到答复' : '待发送'
  const stands = answer.state ? STATES[answer.state as MarkState] : ''
  if (answer.result === 'refused') return `没有记上：${answer.detail}`
  if (answer.code) return `${answer.detail}（现在是${stands}）`
  if (answer.result === 'unchanged') return `原来就是${stands}`
  return stands === deedWord(mark.deed) ? `已记为${stands}` : `按班次规定记为${stands}`
}
