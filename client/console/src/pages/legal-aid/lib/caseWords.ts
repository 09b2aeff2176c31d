/** Legal aid's words on screen for the API's closed lists. */

import type { Word } from '@/lib/words'

const word = (said: string, tone: Word['tone'] = 'calm'): Word => ({ said, tone })

export const AID_STATES: Record<string, Word> = {
  submitted: word('已提交', 'warn'),
  supplementing: word('补正中', 'busy'),
  reviewing: word('审查中', 'busy'),
  granted: word('已给予，待指派', 'warn'),
  refused: word('不予援助', 'bad'),
  objecting: word('异议审查', 'warn'),
  lapsed: word('视为撤回'),
  withdrawn: word('已撤回'),
  assigned: word('已指派', 'busy'),
  working: word('办理中', 'good'),
  closed: word('已办结'),
  terminated: word('已终止', 'bad'),
  merged: word('已合并'),
}

export const TURNS: Record<string, string> = {
  office: '窗口',
  handler: '承办人',
  worker: '职工',
  objection_body: '异议审查机关',
  nobody: '无人',
}

export const MATTERS: Record<string, string> = {
  wages: '拖欠工资',
  injury: '工伤',
  contract: '劳动合同',
  social_insurance: '社会保险',
  dismissal: '辞退',
  other: '其他',
}

export const SOURCES: Record<string, string> = { phone: '手机', oral: '口头', paper: '纸质' }

export const AID_ROUTES: Record<string, string> = { union: '工会援助', state: '国家法律援助' }

export const PRESSING: Record<string, string> = {
  overdue: '已超期',
  soon: '3天内到期',
  red: '时效只剩7天以内',
}
