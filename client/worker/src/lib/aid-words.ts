/** The words of legal aid on the phone, as docs/words.md has them. Steps of a case come in words from the server. */
import type { View } from '@/api/types'
import type { Said } from './words'

export type CaseView = View<'AidCaseView'>
export type CaseLine = View<'AidCaseLine'>
export type Matter = CaseLine['matter']
export type Paper = View<'AidFileView'>['paper']

export const MATTERS: ReadonlyArray<{ code: Matter; name: string }> = [
  { code: 'wages', name: '拖欠工资' },
  { code: 'injury', name: '工伤、职业病' },
  { code: 'contract', name: '劳动合同' },
  { code: 'social_insurance', name: '社保' },
  { code: 'dismissal', name: '被辞退' },
  { code: 'other', name: '别的事' },
]

export const PAPERS: Record<Paper, string> = {
  id_card: '身份证',
  hardship: '经济困难证明',
  contract: '劳动合同',
  wages: '工资凭证',
  attendance: '考勤凭证',
  work_proof: '工作证明',
  injury: '受伤证明',
  medical: '病历和发票',
  insurance: '社保记录',
  dismissal: '离职材料',
  award: '裁决书',
  claimed: '主张过权利的证明',
  authorisation: '代表推举书',
  other: '其他材料',
}

interface StateWords extends Said {
  /** What happens next, or what the person can do. */
  next: string
}

const STATES: Record<CaseLine['state'], StateWords> = {
  draft: { word: '草稿', tone: 'wait', next: '还没有提交，填完提交后工会才看得到。' },
  submitted: { word: '已提交', tone: 'info', next: '援助窗口收到了，接下来审查材料。' },
  supplementing: { word: '补正中', tone: 'wait', next: '把缺的材料补上，再点“材料交齐了”。' },
  reviewing: { word: '审查中', tone: 'info', next: '援助窗口正在审查，会书面决定给不给援助。' },
  granted: { word: '给予援助', tone: 'good', next: '援助窗口接下来给您指派承办人。' },
  refused: { word: '不予援助', tone: 'bad', next: '请看决定的理由和条款。' },
  objecting: { word: '异议审查', tone: 'info', next: '您的异议正在审查。' },
  lapsed: {
    word: '视为撤回',
    tone: 'quiet',
    next: '材料没有按期补齐，这次申请结束了。需要帮助可以重新申请。',
  },
  withdrawn: { word: '已撤回', tone: 'quiet', next: '您撤回了这次申请。需要帮助可以重新申请。' },
  assigned: { word: '已指派', tone: 'good', next: '承办人会联系您，开始办理。' },
  working: { word: '办理中', tone: 'good', next: '承办人正在办理，有进展会发消息告诉您。' },
  closed: { word: '办结', tone: 'good', next: '案件办完了，请看结果，也请评价服务。' },
  terminated: { word: '终止', tone: 'quiet', next: '这次援助已经终止。' },
  merged: { word: '已并案', tone: 'quiet', next: '与您的另一个案件合并办理，请看那个案件。' },
}

const TURNS: Record<CaseLine['turn'], string> = {
  worker: '等您办',
  office: '等援助窗口办',
  handler: '等承办人办',
  objection_body: '等异议审查',
  nobody: '已结束',
}

const DECISIONS: Record<CaseView['decisions'][number]['kind'], Said> = {
  grant: { word: '给予援助', tone: 'good' },
  grant_first: { word: '先行提供援助', tone: 'good' },
  refuse: { word: '不予援助', tone: 'bad' },
  lapse: { word: '视为撤回申请', tone: 'quiet' },
  uphold: { word: '维持原决定', tone: 'bad' },
  correct: { word: '改为给予援助', tone: 'good' },
  terminate: { word: '终止援助', tone: 'quiet' },
}

const HEARINGS: Record<CaseView['hearings'][number]['kind'], { word: string; bring: string }> = {
  mediation: { word: '调解', bring: '身份证、劳动合同和工资凭证等材料' },
  arbitration: { word: '仲裁开庭', bring: '身份证、证据原件和复印件、开庭通知' },
  court: { word: '法院开庭', bring: '身份证、证据原件和复印件、传票' },
}

const RECEIVERS: Record<CaseView['hand_overs'][number]['to'], string> = {
  hotline: '12348公共法律服务热线',
  inspection: '劳动保障监察',
  arbitration: '劳动人事争议仲裁委员会',
  court: '人民法院',
}

const OUTCOMES: Record<NonNullable<CaseView['result']>['outcome'], Said> = {
  settled: { word: '调解、和解', tone: 'good' },
  won: { word: '支持了请求', tone: 'good' },
  partly: { word: '支持了部分请求', tone: 'wait' },
  lost: { word: '没有支持', tone: 'bad' },
  other: { word: '其他结果', tone: 'quiet' },
}

export function matterWord(matter: Matter): string {
  return MATTERS.find((each) => each.code === matter)?.name ?? '别的事'
}

/** `一次性告知` names papers by code; one this release does not know is shown as another paper. */
export function paperWord(code: string): string {
  return PAPERS[code as Paper] ?? PAPERS.other
}

export function stateWord(state: CaseLine['state']): Said {
  return STATES[state]
}

export function nextWord(state: CaseLine['state']): string {
  return STATES[state].next
}

export function turnWord(turn: CaseLine['turn']): string {
  return TURNS[turn]
}

export function decisionWord(kind: CaseView['decisions'][number]['kind']): Said {
  return DECISIONS[kind]
}

export function hearingWord(kind: CaseView['hearings'][number]['kind']): { word: string; bring: string } {
  return HEARINGS[kind]
}

export function receiverWord(to: CaseView['hand_overs'][number]['to']): string {
  return RECEIVERS[to]
}

export function outcomeWord(outcome: NonNullable<CaseView['result']>['outcome']): Said {
  return OUTCOMES[outcome]
}
