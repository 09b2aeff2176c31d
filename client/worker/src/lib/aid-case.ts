/** What a worker can do with a case as it stands, and what of it is shown. */
import { matterWord, paperWord, type CaseLine, type CaseView, type Paper } from './aid-words'
import { instant } from './times'

type State = CaseLine['state']

const ENDED: ReadonlySet<State> = new Set(['lapsed', 'withdrawn', 'closed', 'terminated', 'merged'])
const UNDECIDED: ReadonlySet<State> = new Set(['submitted', 'supplementing', 'reviewing', 'objecting'])
const IN_HAND: ReadonlySet<State> = new Set(['granted', 'assigned', 'working'])
const ADDING: ReadonlySet<State> = new Set([
  'supplementing', 'submitted', 'reviewing', 'granted', 'assigned', 'working',
]) // prettier-ignore
/** Steps that have a place of their own on the page. */
const ELSEWHERE = new Set(['message', 'escalate'])

export function isEnded(state: State): boolean {
  return ENDED.has(state)
}

export function canWithdraw(state: State): boolean {
  return UNDECIDED.has(state) || IN_HAND.has(state)
}

/** It ended without a decision on it: one may begin again. */
export function canBeginAgain(state: State): boolean {
  return state === 'lapsed' || state === 'withdrawn'
}

export function canAddPapers(state: State): boolean {
  return ADDING.has(state)
}

export function canWrite(state: State): boolean {
  return state !== 'draft' && !isEnded(state)
}

/** A refusal can be objected to once. */
export function canObject(view: Pick<CaseView, 'case' | 'objections'>): boolean {
  return view.case.state === 'refused' && view.objections.length === 0
}

export function isRated(steps: CaseView['steps']): boolean {
  return steps.some((each) => each.kind === 'rate')
}

/** What taking it back means, before it is done. */
export function withdrawalText(state: State): string {
  if (IN_HAND.has(state))
    return '援助会终止，承办人不再办理这个案件。\n仲裁、起诉的时限照样走，不会停。\n以后还需要，要重新申请、重新审查。'
  return '工会不再审查这次申请。\n仲裁、起诉的时限照样走，不会停。\n以后还需要，可以重新申请。'
}

/** How to object, and until when: the law sets no last day, the person's own limitation does. */
export function objectionText(body: string): string {
  return (
    `不服可以向${body}提出异议，就在这里提，只能提一次。没有截止日，但越早越好，` +
    '您自己的时效不等人。收到后会告诉您哪天前答复。'
  )
}

/** The timeline, newest first. */
export function timeline(steps: CaseView['steps']): CaseView['steps'] {
  return steps.filter((each) => !ELSEWHERE.has(each.kind)).reverse()
}

export interface AskedPaper {
  code: Paper
  name: string
  isThere: boolean
}

/** What came after everything missing was told; what was there before was not enough. */
export function filesSinceNotice(view: Pick<CaseView, 'notice' | 'files'>): CaseView['files'] {
  if (!view.notice) return view.files
  const toldAt = instant(view.notice.told_at)
  return view.files.filter((file) => instant(file.created_at) >= toldAt)
}

/** Every paper of the notice, and whether one came after it was told. */
export function askedPapers(view: Pick<CaseView, 'notice' | 'files'>): AskedPaper[] {
  const later = filesSinceNotice(view)
  return (view.notice?.papers ?? []).map((code) => ({
    code: code as Paper,
    name: paperWord(code),
    isThere: later.some((file) => file.paper === code && file.state === 'ready'),
  }))
}

/** `123456` fen is `1234.56元`; without cents where there are none. */
export function moneyText(fen: number): string {
  const yuan = fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2)
  return `${yuan.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}元`
}

/** The names of files that were handed over; one that is gone by now is said to be. */
export function sentFiles(ids: ReadonlyArray<string>, files: CaseView['files']): string[] {
  return ids.map((id) => files.find((file) => file.id === id)?.name ?? '一份已删除的材料')
}

/** `拖欠工资 · 530802-2026-0001`. */
export function caseTitle(line: Pick<CaseLine, 'matter' | 'number'>): string {
  return line.number ? `${matterWord(line.matter)} · ${line.number}` : matterWord(line.matter)
}
