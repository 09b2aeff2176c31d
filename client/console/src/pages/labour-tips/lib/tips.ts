/** 一函两书 on screen: states, which deeds make sense in which, what a letter begins with. The server decides. */

import type { View } from '@/api/client'
import type { Word } from '@/lib/words'

export type Kind = 'hint' | 'opinion' | 'advice'
export type Deed = 'check' | 'ask' | 'site_check' | 'letter' | 'close' | 'dismiss' | 'hand_over'

export const TIP_STATES: Record<string, Word> = {
  received: { said: '收到', tone: 'warn' },
  checking: { said: '核查', tone: 'busy' },
  hinted: { said: '提示函', tone: 'busy' },
  opined: { said: '意见书', tone: 'busy' },
  advised: { said: '建议书', tone: 'busy' },
  closed: { said: '结案', tone: 'good' },
  unfounded: { said: '不属实', tone: 'calm' },
  handed_over: { said: '移交', tone: 'calm' },
}

export const OUTCOMES: Record<string, string> = {
  rectified: '已整改',
  partly: '部分整改',
  not_rectified: '未整改',
}

/** What the committee reads of a step; the API's own text speaks to who gave the tip. */
const STEPS: Record<string, string> = {
  receive: '收到线索',
  check: '开始核查',
  ask: '向反映人提问',
  answer: '反映人回答',
  site_check: '现场核查',
  hint: '发出提示函',
  opinion: '发出意见书',
  advice: '发出建议书',
  reply: '收到回复',
  close: '结案',
  dismiss: '认定不属实',
  hand_over: '移交',
}

export const LETTERS: Record<Kind, { said: string; to: string; why: string }> = {
  hint: { said: '提示函', to: '用人单位', why: '提醒单位自己改' },
  opinion: { said: '意见书', to: '用人单位', why: '提示后没有改好，要求限期整改' },
  advice: { said: '建议书', to: '有关部门', why: '单位拒不改正，建议主管部门依法处理' },
}

const DEEDS: Record<string, Deed[]> = {
  received: ['check', 'ask', 'dismiss', 'hand_over'],
  checking: ['letter', 'site_check', 'ask', 'close', 'dismiss', 'hand_over'],
  hinted: ['letter', 'site_check', 'ask', 'close', 'hand_over'],
  opined: ['letter', 'site_check', 'ask', 'close', 'hand_over'],
  advised: ['site_check', 'ask', 'close', 'hand_over'],
}

const OPERATIONS: Record<Deed, string> = {
  check: 'check_tip',
  ask: 'ask_tipper',
  site_check: 'record_site_check',
  letter: 'issue_letter',
  close: 'close_tip',
  dismiss: 'dismiss_tip',
  hand_over: 'hand_over_tip',
}

const NEXT_LETTER: Record<string, Kind> = { checking: 'hint', hinted: 'opinion', opined: 'advice' }
/** The way of a tip that takes every step. */
export const WAY = ['received', 'checking', 'hinted', 'opined', 'advised', 'closed'] as const

export function deedsOf(state: string, may: (operation: string) => boolean): Set<Deed> {
  return new Set((DEEDS[state] ?? []).filter((deed) => may(OPERATIONS[deed])))
}

export function nextLetter(state: string): Kind | null {
  return NEXT_LETTER[state] ?? null
}

/** Who gave it: that it was nobody is all there is to know. */
export function sayTipper(isAnonymous: boolean): string {
  return isAnonymous ? '匿名反映' : '实名反映'
}

export function sayStep(step: string): string {
  return STEPS[step] ?? step
}

export interface LetterForm {
  addressee: string
  facts: string
  ground: string
  demands: string
}

export const GROUNDS = [
  '《中华人民共和国工会法》第二十三条',
  '《中华人民共和国劳动法》第八十八条',
  '《中华人民共和国劳动合同法》第七十八条',
]
export const AUTHORITIES = ['人力资源和社会保障局', '应急管理局', '卫生健康委员会', '医疗保障局']

type Before = Pick<View<'OpenedTipView'>, 'letters'> & { told: { employer_name: string } }

/** A letter takes up what the one before it said. What the tipper told is never copied into it. */
export function beginLetter(kind: Kind, { letters, told }: Before): LetterForm {
  const last = letters.at(-1)?.content
  return {
    addressee: kind === 'advice' ? '' : (last?.addressee ?? told.employer_name),
    facts: last?.facts ?? '',
    ground: last?.ground ?? GROUNDS[0]!,
    demands: kind === 'advice' ? '' : (last?.demands ?? ''),
  }
}

export function isLetterWhole(form: LetterForm): boolean {
  return Object.values(form).every((words) => words.trim())
}

export const NOT_IN_SIGHT = {
  said: '这条线索您看不到',
  why: '可能是：不归您的委员会管；和您本人或您的单位有关（要回避）；或已删除。',
}
