/** Legal aid's words on screen for the API's closed lists. */

import type { Word } from '@/lib/words'

const word = (said: string, tone: Word['tone'] = 'calm'): Word => ({ said, tone })

export const AID_STATES: Record<string, Word> = {
  submitted: word('已提交', 'warn'),
  supplementing: word('补正中', 'busy'),
  reviewing: word('审查中', 'busy'),
  granted: word('待指派', 'warn'),
  refused: word('不予援助', 'bad'),
  objecting: word('异议审查', 'warn'),
  lapsed: word('视为撤回'),
  withdrawn: word('已撤回'),
  assigned: word('已指派', 'busy'),
  working: word('办理中', 'good'),
  closed: word('办结'),
  terminated: word('终止', 'bad'),
  merged: word('已并案'),
}

export const TURNS: Record<string, string> = {
  office: '援助窗口',
  handler: '承办人',
  worker: '职工',
  objection_body: '异议审查机关',
  nobody: '无（已结束）',
}

export const MATTERS: Record<string, string> = {
  wages: '拖欠工资',
  injury: '工伤、职业病',
  contract: '劳动合同',
  social_insurance: '社会保险',
  dismissal: '辞退、离职',
  other: '其他',
}

export const SOURCES: Record<string, string> = { phone: '手机申请', oral: '口头申请', paper: '纸质申请' }
export const AID_ROUTES: Record<string, string> = { union: '工会援助', state: '国家法律援助' }
export const FORCES: Record<string, string> = { law: '法律规定', local: '本地规定' }
export const UNITS: Record<string, string> = { day: '天', workday: '个工作日', month: '个月', year: '年' }
export const MEANS: Record<string, string> = {
  exempt: '免予审查经济状况',
  pledge: '个人诚信承诺',
  proof: '已交证明',
}

/** To whom a clock that ran out was told. */
export const ESCALATED: Record<string, string> = {
  office: '援助窗口',
  supervisor: '督办人',
  upper: '上级工会',
}

export const PAPERS: Record<string, string> = {
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

export const DECISIONS: Record<string, string> = {
  grant: '给予援助',
  grant_first: '先行提供援助',
  refuse: '不予援助',
  lapse: '视为撤回申请',
  uphold: '维持原决定',
  correct: '改为给予援助',
  terminate: '终止援助',
}

export const HEARINGS: Record<string, string> = {
  mediation: '调解',
  arbitration: '仲裁开庭',
  court: '法院开庭',
}
export const HAND_OVERS: Record<string, string> = {
  hotline: '12348法律服务热线',
  inspection: '劳动保障监察',
  arbitration: '劳动仲裁委',
  court: '人民法院',
}
export const OUTCOMES: Record<string, string> = {
  settled: '和解、调解',
  won: '支持全部请求',
  partly: '支持部分请求',
  lost: '没有支持',
  other: '其他',
}
export const DOCUMENTS: Record<string, string> = {
  arbitration_request: '劳动仲裁申请书',
  authorisation: '授权委托书',
  grant: '给予法律援助决定书',
  refusal: '不予法律援助决定书',
  supplement_notice: '补正通知书',
}
export const FILE_STATES: Record<string, Word> = {
  uploading: word('还没传完', 'busy'),
  ready: word('可以看', 'good'),
  refused: word('没有收', 'bad'),
}

/** Fields of the form by the parts of the official one, in its order. */
export const FORM_PARTS: { said: string; fields: Record<string, string> }[] = [
  {
    said: '案情和请求',
    fields: {
      reason: '案情及理由',
      claims: '请求',
      step: '进行到哪一步',
      position: '在案件中的身份',
      help_wanted: '想要的帮助',
    },
  },
  {
    said: '申请人',
    fields: {
      name: '姓名',
      sex: '性别',
      born_on: '出生日期',
      ethnicity: '民族',
      id_number: '身份证号',
      phone: '手机号',
      household: '户籍地',
      address: '住址',
      postcode: '邮编',
      education: '文化程度',
      health: '健康状况',
      group_kind: '群体类别',
      has_applied_before: '以前申请过',
      worker_category: '职工类别',
      safe_to_call: '方便接电话',
      call_note: '联系说明',
    },
  },
  {
    said: '用人单位',
    fields: {
      employer_name: '单位名称',
      employer_code: '统一社会信用代码',
      employer_address: '地址',
      employer_phone: '电话',
      occupation: '岗位',
      started_on: '入职日期',
      ended_on: '离职日期',
    },
  },
  {
    said: '经济状况',
    fields: {
      hardship: '困难情形',
      income: '收入',
      household_people: '家庭人口',
      property: '财产',
      is_pledged: '个人诚信承诺',
    },
  },
]

const VALUES: Record<string, Record<string, string>> = {
  hardship: {
    none: '没有特别困难',
    assisted: '在领低保、特困等救助，或者是优抚对象',
    no_income: '没有固定收入的老人、残疾人或者未成年人',
    low_income: '收入低',
  },
  step: {
    none: '还没开始',
    mediating: '正在调解',
    arbitrating: '正在仲裁',
    award: '已有裁决',
    court: '已到法院',
  },
  worker_category: {
    employee: '职工',
    migrant: '农民工',
    dispatched: '劳务派遣工',
    truck_driver: '货车司机',
    courier: '快递员',
    security_guard: '保安员',
    delivery_rider: '外卖送餐员',
    other: '其他',
  },
}

/** A field's value as it is read; a code nobody here knows stays as it came. */
export function sayField(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.map(String).join('、')
  return VALUES[name]?.[String(value)] ?? String(value)
}

/** 12,345.60 元, from fen. */
export function yuan(fen: number): string {
  return `${(fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} 元`
}

/** Fen from what was typed in yuan; null where it is no amount. */
export function fenOf(typed: string): number | null {
  const plain = typed.replace(/[,，\s]/g, '')
  if (!/^\d{1,10}(\.\d{1,2})?$/.test(plain)) return null
  return Math.round(Number(plain) * 100)
}
