/** The words of one's own pages: who looked, what was asked for, where one is signed in. */
import type { View } from '@/api/types'
import type { Said } from './words'

const ROLES: Record<string, string> = {
  trainer: '培训教师',
  training_staff: '培训管理员',
  publishing_staff: '信息发布员',
  membership_staff: '会籍管理员',
  welfare_staff: '帮扶服务干部',
  honours_staff: '评优表彰干部',
  legal_aid_officer: '法律援助员',
  legal_staff: '法律工作干部',
  labour_law_supervisor: '劳动法律监督员',
  judge: '裁判',
  auditor: '审计员',
  reporting_officer: '统计填报员',
  administrator: '系统管理员',
}

const FIELDS: Record<string, string> = {
  name: '姓名',
  phone: '手机号',
  phone_masked: '手机号（隐去中间）',
  id_number: '身份证号',
  id_number_masked: '身份证号（隐去中间）',
  employer: '单位',
  occupation: '职业',
  attendance: '考勤',
  certificates: '技能证书',
  membership: '会籍',
  case: '法律援助案件',
  case_line: '法律援助案件的编号和进度',
  file: '法律援助材料',
  complaint: '法律援助投诉',
  tip: '劳动法律监督线索',
  letter: '劳动法律监督文书',
  consultation: '法律咨询',
}

type LookLine = View<'LookLine'>

/** Among the fields: the look was one of who covers for an absent colleague. */
const COVERING = 'cover'

/** `培训管理员（思茅区总工会）看了姓名、考勤`; `代班的…` for who stands in for somebody. */
export function lookText(look: Pick<LookLine, 'roles' | 'unions' | 'action' | 'fields'>): string {
  const who = look.roles.map((role) => ROLES[role] ?? '工作人员').join('、') || '工作人员'
  const where = look.unions.length ? `（${look.unions.join('、')}）` : ''
  const covering = look.fields.includes(COVERING) ? '代班的' : ''
  const what = look.fields.filter((field) => field !== COVERING).map((field) => FIELDS[field] ?? '其他信息')
  const deed = /\.export(ed)?$/.test(look.action) ? '导出了' : '看了'
  return `${covering}${who}${where}${deed}${[...new Set(what)].join('、') || '您的信息'}`
}

export const CORRECTION_FIELDS: Array<{ code: View<'RequestCorrection'>['field']; name: string }> = [
  { code: 'name', name: '姓名' },
  { code: 'id_number', name: '身份证号' },
  { code: 'employer', name: '工作单位' },
  { code: 'membership', name: '会籍' },
  { code: 'training', name: '培训和考勤' },
  { code: 'other', name: '其他' },
]

const DECISIONS: Record<string, Said> = {
  open: { word: '处理中', tone: 'wait' },
  accepted: { word: '已更正', tone: 'good' },
  moved: { word: '已办好', tone: 'good' },
  refused: { word: '没有同意', tone: 'bad' },
}

export function decisionWord(state: string): Said {
  return DECISIONS[state] ?? { word: '处理中', tone: 'wait' }
}

const COPIES: Record<View<'DataCopyView'>['state'], Said> = {
  preparing: { word: '正在准备', tone: 'wait' },
  ready: { word: '可以下载', tone: 'good' },
  expired: { word: '已过期', tone: 'quiet' },
}

export function copyWord(state: View<'DataCopyView'>['state']): Said {
  return COPIES[state]
}

const CHANNELS: Record<View<'SignInLine'>['channel'], string> = {
  wechat: '微信',
  phone: '手机验证码',
  staff: '账号密码',
}

const DEVICES: Array<[RegExp, string]> = [
  [/MicroMessenger/i, '微信'],
  [/iPhone|iPad/i, '苹果手机浏览器'],
  [/Android/i, '安卓手机浏览器'],
  [/Windows/i, 'Windows 电脑'],
  [/Macintosh/i, '苹果电脑'],
  [/Linux/i, 'Linux 电脑'],
]

/** `微信登录 · 安卓手机浏览器`. */
export function signInText(line: Pick<View<'SignInLine'>, 'channel' | 'device'>): string {
  const device = DEVICES.find(([pattern]) => pattern.test(line.device ?? ''))?.[1] ?? '其他设备'
  return `${CHANNELS[line.channel]}登录 · ${device}`
}

/** `12 KB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** `138****0001`, `5308**********0002`: as much as tells one number from another. */
export function masked(number: string | null): string {
  if (!number) return '没有登记'
  const [head, tail] = number.length === 11 ? [3, 4] : [4, 4]
  return number.slice(0, head) + '*'.repeat(Math.max(0, number.length - head - tail)) + number.slice(-tail)
}
