/** The field's words on screen for the API's closed lists. A tone never stands alone: the word says the same. */

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'calm'

export interface Word {
  said: string
  tone: Tone
}

type Words = Record<string, Word>

const word = (said: string, tone: Tone = 'calm'): Word => ({ said, tone })

export const CLASS_STATES: Words = {
  draft: word('草稿'),
  published: word('已发布', 'busy'),
  open: word('报名中', 'good'),
  full: word('已满', 'warn'),
  closed: word('报名截止'),
  running: word('开课中', 'busy'),
  finished: word('结束'),
  cancelled: word('已取消', 'bad'),
}

export const BOOKING_STATES: Words = {
  booked: word('已报名', 'good'),
  waitlisted: word('候补', 'busy'),
  offered: word('递补待确认', 'warn'),
  cancelled: word('已取消'),
  declined: word('已放弃'),
  expired: word('过期未确认'),
  passed_over: word('跳过'),
  removed: word('已移除', 'bad'),
  lapsed: word('候补失效'),
  withdrawn: word('随班取消'),
}

export const MARK_STATES: Words = {
  present: word('到课', 'good'),
  late: word('迟到', 'warn'),
  left_early: word('早退', 'warn'),
  excused: word('请假', 'busy'),
  absent: word('缺课', 'bad'),
  made_up: word('补课', 'busy'),
}

export const MARK_SOURCES: Record<string, string> = {
  scan: '扫码',
  typed: '输入签到码',
  trainer: '教师登记',
  staff: '干部更正',
  clock: '封存时自动',
}

export const APPROVAL_STATES: Words = {
  waiting: word('待审批', 'warn'),
  approved: word('已通过', 'good'),
  sent_back: word('已退回', 'bad'),
  withdrawn: word('已撤回'),
}

export const MODES: Record<string, string> = {
  online: '线上',
  on_site: '线下',
  simulated: '模拟',
  hands_on: '实训',
}

export const FUND_SOURCES: Record<string, string> = {
  union: '工会经费',
  skill_upgrading: '职业技能提升行动',
  employment: '就业资金',
  employer: '用人单位',
  other: '其他',
}

export const TRAINER_ROLES: Record<string, string> = {
  main: '主讲教师',
  co_trainer: '助教',
  substitute: '代课教师',
}

export const EVENTS: Record<string, string> = {
  booked: '报上名',
  waitlisted: '进候补',
  cancelled: '取消',
  offered: '发出递补',
  accepted: '确认递补',
  declined: '放弃递补',
  expired: '递补过期',
  passed_over: '跳过',
  removed: '被移除',
  lapsed: '候补失效',
  withdrawn: '随班取消',
}

export const ROLES: Record<string, string> = {
  worker: '职工',
  member: '会员',
  trainer: '培训教师',
  judge: '裁判',
  legal_aid_officer: '法律援助员',
  labour_law_supervisor: '劳动法律监督员',
  publishing_staff: '信息发布员',
  training_staff: '培训管理员',
  legal_staff: '法律工作干部',
  honours_staff: '评优表彰干部',
  membership_staff: '会籍管理员',
  welfare_staff: '帮扶服务干部',
  reporting_officer: '统计填报员',
  auditor: '审计员',
  administrator: '系统管理员',
}

/** A word for a code nobody here knows yet: the code itself, rather than nothing. */
export function wordOf(words: Words, code: string | null | undefined): Word {
  return (code && words[code]) || word(code || '—')
}

export function optionsOf(words: Record<string, Word | string>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, said]) => ({
    value,
    label: typeof said === 'string' ? said : said.said,
  }))
}
