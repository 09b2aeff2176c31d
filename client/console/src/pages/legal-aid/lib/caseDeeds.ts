/** What can be done with a case, in which state, by whom; and what the worker is told of it. The server decides. */

export type CaseDeed =
  | 'take' | 'missing' | 'grant' | 'grant_first' | 'refuse' | 'hand_to_state' | 'objection' | 'assign' | 'begin'
  | 'hearing' | 'hand_over' | 'document' | 'close' | 'terminate' | 'recuse' // prettier-ignore

interface Rule {
  said: string
  states: string[]
  /** Any of these rights on the case. */
  rights: string[]
  operation: string
  isMain?: boolean
  isHard?: boolean
}

const BEFORE = ['submitted', 'supplementing', 'reviewing']
const IN_HAND = ['assigned', 'working']
const RUNNING = [...BEFORE, 'granted', 'refused', 'objecting', ...IN_HAND]

// A row a line: it is read as a table.
// prettier-ignore
export const CASE_DEEDS: Record<CaseDeed, Rule> = {
  take: { said: '开始审查', states: ['submitted'], rights: ['decide'], operation: 'take_case', isMain: true },
  objection: { said: '答复异议', states: ['objecting'], rights: ['hear'], operation: 'answer_objection', isMain: true },
  assign: { said: '指派承办人', states: ['granted', ...IN_HAND], rights: ['assign'], operation: 'assign_case', isMain: true },
  begin: { said: '开始办理', states: ['assigned'], rights: ['work'], operation: 'begin_work', isMain: true },
  grant: { said: '给予援助', states: ['reviewing'], rights: ['decide'], operation: 'grant_aid', isMain: true },
  missing: { said: '一次告知补正', states: ['submitted', 'reviewing'], rights: ['decide'], operation: 'tell_missing' },
  grant_first: { said: '先行提供', states: BEFORE, rights: ['decide'], operation: 'grant_aid_first' },
  refuse: { said: '不予援助', states: ['reviewing'], rights: ['decide'], operation: 'refuse_aid', isHard: true },
  close: { said: '办结', states: ['working'], rights: ['work'], operation: 'close_case', isMain: true },
  hearing: { said: '登记开庭、调解', states: IN_HAND, rights: ['work'], operation: 'set_hearing' },
  document: { said: '生成文书', states: RUNNING, rights: ['work', 'decide'], operation: 'make_case_document' },
  hand_over: { said: '转交有关部门', states: RUNNING, rights: ['work', 'decide'], operation: 'hand_over_case' },
  hand_to_state: { said: '转国家法律援助', states: BEFORE, rights: ['decide'], operation: 'hand_to_state' },
  terminate: { said: '终止援助', states: ['granted', ...IN_HAND], rights: ['work', 'assign'], operation: 'terminate_aid', isHard: true },
  recuse: { said: '我要回避', states: RUNNING, rights: ['list'], operation: 'recuse_from_case', isHard: true },
}

export interface Standing {
  state: string
  rights: readonly string[]
  /** The one notice was given before. */
  isTold: boolean
  /** The state's aid already. */
  isState: boolean
}

export function deedsOf(at: Standing, may: (operation: string) => boolean): CaseDeed[] {
  return (Object.keys(CASE_DEEDS) as CaseDeed[]).filter((deed) => {
    const rule = CASE_DEEDS[deed]
    if (deed === 'missing' && at.isTold) return false
    if (deed === 'hand_to_state' && at.isState) return false
    return (
      rule.states.includes(at.state) &&
      rule.rights.some((right) => at.rights.includes(right)) &&
      may(rule.operation)
    )
  })
}

/** Whether somebody may write on the case at all: who may takes the lock. */
export function mayWrite(deeds: readonly CaseDeed[]): boolean {
  return deeds.some((deed) => deed !== 'recuse')
}

const DAY_MS = 86_400_000

/** 12月6日: some calendar days after a day (2026-11-28). */
export function dayAfter(day: string, days: number): string {
  const at = new Date(Date.parse(day) + days * DAY_MS)
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日`
}

/** What the worker reads in the notice: general words, never of the case. `body`: who hears an objection. */
export function toldToWorker(deed: CaseDeed, more: { changed?: boolean; upheld?: boolean } = {}): string {
  switch (deed) {
    case 'take':
      return '工作人员已开始审查您的申请。'
    case 'missing':
      return '还缺材料，请点开看，在期限前补齐，只通知这一次。'
    case 'grant':
    case 'grant_first':
      return '决定给予您法律援助，并写明几月几日前指派承办人。'
    case 'refuse':
      return '援助申请没有通过，理由请点开看。不服可以提出异议（系统会写明向谁提）。'
    case 'objection':
      return more.upheld
        ? '异议审查完毕：维持原决定，可以依法申请行政复议或者起诉。'
        : '异议审查完毕：异议成立，改为给予援助。'
    case 'hand_to_state':
      return '您的申请改由国家法律援助机构办理。'
    case 'assign':
      return more.changed ? '已更换承办人，会尽快联系您。' : '已指派承办人，会尽快联系您。'
    case 'begin':
      return '承办人已开始办理。'
    case 'hearing':
      return '安排了开庭或调解的时间，地点请点开看；开庭前5天、前1天各提醒一次。'
    case 'hand_over':
      return '您的案件已转交有关部门。'
    case 'close':
      return '您的案件已办结，请看看结果，给我们打个分。'
    case 'terminate':
      return '援助已终止，理由请点开看，并写明不服向谁提出。'
    case 'document':
      return '不发通知；文书会出现在案件材料里，职工也能看到。'
    case 'recuse':
      return '不告诉职工回避的原因；您是承办人的，职工会看到正在另行指派。'
  }
}

/** Grounds one may choose from; anything else can be typed. */
export const ARTICLES: Partial<Record<CaseDeed, string[]>> = {
  grant: ['法律援助法第三十一条', '法律援助法第三十二条', '法律援助法第四十二条', '法律援助法第四十三条'],
  refuse: ['法律援助法第三十一条', '法律援助法第三十四条', '法律援助法第四十一条', '法律援助法第四十三条'],
  terminate: ['法律援助法第四十八条'],
  objection: ['法律援助法第四十九条'],
}

interface Step {
  at: string
  text: string
  by: string
  by_name: string | null
}

/** What happened on a case since it was read: who, and what, one line each. */
export function changesSince(before: readonly Step[], after: readonly Step[]): string[] {
  return after.slice(before.length).map(({ text, by, by_name }) => {
    const who = by_name ?? { worker: '职工', clock: '系统' }[by] ?? '同事'
    return `${who}：${text}`
  })
}

/** How long a lock still holds, in minutes and seconds; null once it is over. */
export function lockLeft(until: string, now: number): string | null {
  const left = Math.ceil((Date.parse(until) - now) / 1000)
  if (left <= 0) return null
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}
