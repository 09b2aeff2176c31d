/** How a tip to the labour-law committee stands, and its claim code. Steps come in words from the server. */
import type { View } from '@/api/types'
import { dueText } from './due'
import type { Said } from './words'

type Tip = View<'TipView'>

const STATES: Record<Tip['state'], Said> = {
  received: { word: '已收到', tone: 'info' },
  checking: { word: '核查中', tone: 'wait' },
  hinted: { word: '已发提示函', tone: 'wait' },
  opined: { word: '已发意见书', tone: 'wait' },
  advised: { word: '已发建议书', tone: 'wait' },
  closed: { word: '已结案', tone: 'good' },
  unfounded: { word: '不属实', tone: 'quiet' },
  handed_over: { word: '已移交', tone: 'info' },
}

const OUTCOMES: Record<NonNullable<Tip['outcome']>, string> = {
  rectified: '单位已整改',
  partly: '单位整改了一部分',
  not_rectified: '单位没有整改',
}

export function tipWord(state: Tip['state']): Said {
  return STATES[state]
}

/** What has become of it, or until when a letter has to be replied to; '' where neither is so. */
export function tipText(tip: Pick<Tip, 'outcome' | 'due_on' | 'state'>, now: number): string {
  if (tip.outcome) return OUTCOMES[tip.outcome]
  return tip.due_on ? `对方回复期限：${dueText(tip.due_on, now)}` : ''
}

/** The last question of the committee that was not answered; '' where there is none. */
export function askedText(told: Pick<View<'FollowedTipView'>, 'steps' | 'can_answer'>): string {
  if (!told.can_answer) return ''
  return told.steps.filter((each) => each.step === 'ask').slice(-1)[0]?.words ?? ''
}

/** A claim code as it is typed: capitals, in groups of four. */
export function normalCode(typed: string): string {
  const half = typed.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  const signs = half.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return (signs.match(/.{1,4}/g) ?? []).join('-')
}

/** What is saved of a claim code. */
export function codeLines(number: string, code: string): string[] {
  return [
    '劳动法律监督线索查询码',
    code,
    `线索编号 ${number}`,
    '查进展：工云 → 我的 → 法律援助',
    '→ 反映单位违法 → 凭查询码查进展',
  ]
}
