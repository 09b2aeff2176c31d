/** The official form as staff write it down for somebody. */

import type { Option } from '@/components/table'
import { optionsOf } from '@/lib/words'

export interface EntryField {
  name: string
  label: string
  kind: 'text' | 'long' | 'day' | 'number' | 'flag' | 'several'
  longest?: number
  isNeeded?: boolean
  hint?: string
  options?: Option[]
}

const STEPS = optionsOf({
  none: '还没开始',
  mediating: '正在调解',
  arbitrating: '正在仲裁',
  award: '已有裁决',
  court: '已到法院',
})
const CATEGORIES = optionsOf({
  employee: '职工',
  migrant: '农民工',
  dispatched: '劳务派遣工',
  truck_driver: '货车司机',
  courier: '快递员',
  security_guard: '保安员',
  delivery_rider: '外卖送餐员',
  other: '其他',
})
const HELP = ['解答问题', '代写文书', '帮忙调解', '代理仲裁', '代理打官司'].map((said) => ({
  value: said,
  label: said,
}))
/** The terms the worker's own claim may run out by. */
export const LIMITATIONS = optionsOf({
  arbitration: '申请劳动仲裁（1年）',
  arbitration_wages: '为拖欠工资申请劳动仲裁（离职后1年）',
  suing: '不服裁决去法院起诉（15天）',
  inspection: '向劳动监察投诉（2年）',
  injury_report: '本人、家属或者工会申请工伤认定（1年）',
  capacity_again: '不服劳动能力鉴定，申请再次鉴定（15天）',
})
const HARDSHIP = optionsOf({
  none: '都没有',
  assisted: '在领低保、特困救助，或是优抚对象',
  no_income: '没有固定收入的老人、残疾人、未成年人',
  low_income: '收入低，日子紧',
})
/** So many with the same claim choose who speaks for them. */
export const GROUP = 10
export const MOST_REPRESENTATIVES = 5

// A row a line: it is read as a table.
// prettier-ignore
export const ENTRY_PARTS: { said: string; fields: EntryField[] }[] = [
  { said: '案情和请求', fields: [
    { name: 'reason', label: '案情及理由', kind: 'long', longest: 5000, isNeeded: true },
    { name: 'claims', label: '请求', kind: 'long', longest: 1000, isNeeded: true },
    { name: 'step', label: '进行到哪一步', kind: 'text', options: STEPS },
    { name: 'help_wanted', label: '想要工会怎么帮', kind: 'several', options: HELP },
    { name: 'limitation_clock', label: '职工自己的时效', kind: 'text', options: LIMITATIONS },
    { name: 'limitation_on', label: '时效到哪天', kind: 'day', hint: '剩7天以内标红，可以先行提供援助' },
  ] },
  { said: '申请人', fields: [
    { name: 'name', label: '姓名', kind: 'text', longest: 50, isNeeded: true },
    { name: 'phone', label: '手机号', kind: 'text', longest: 20, isNeeded: true },
    { name: 'id_number', label: '身份证号', kind: 'text', longest: 18, hint: '已实名的，案件会出现在本人手机上' },
    { name: 'sex', label: '性别', kind: 'text', options: optionsOf({ 男: '男', 女: '女' }) },
    { name: 'ethnicity', label: '民族', kind: 'text', longest: 20 },
    { name: 'born_on', label: '出生日期', kind: 'day' },
    { name: 'worker_category', label: '职工类别', kind: 'text', options: CATEGORIES },
    { name: 'address', label: '住址', kind: 'text', longest: 100 },
    { name: 'household', label: '户籍地', kind: 'text', longest: 100 },
    { name: 'call_note', label: '什么时候方便接电话', kind: 'text', longest: 100 },
  ] },
  { said: '用人单位', fields: [
    { name: 'employer_name', label: '单位全称', kind: 'text', longest: 100, isNeeded: true },
    { name: 'employer_code', label: '统一社会信用代码', kind: 'text', longest: 18 },
    { name: 'employer_address', label: '单位地址', kind: 'text', longest: 100 },
    { name: 'employer_phone', label: '单位电话', kind: 'text', longest: 20 },
    { name: 'occupation', label: '岗位', kind: 'text', longest: 50 },
    { name: 'started_on', label: '入职日期', kind: 'day' },
    { name: 'ended_on', label: '离职日期', kind: 'day' },
  ] },
  { said: '经济状况', fields: [
    { name: 'hardship', label: '困难情形', kind: 'text', options: HARDSHIP, hint: '农民工讨工资、要工伤赔偿的，前两种情形的，不用证明' },
    { name: 'income', label: '收入', kind: 'text', longest: 200 },
    { name: 'household_people', label: '家庭人口', kind: 'number', longest: 2 },
    { name: 'property', label: '财产', kind: 'text', longest: 200 },
    { name: 'is_pledged', label: '本人作了诚信承诺', kind: 'flag' },
  ] },
]

export interface Representative {
  name: string
  phone: string
  id_number: string
}

export interface Entry {
  source: 'oral' | 'paper'
  nodeId: number | null
  receivedOn: string
  matter: string | null
  person: { id: number } | null
  form: Record<string, string | null>
  several: Record<string, string[]>
  people: string
  representatives: Representative[]
  flags: Record<string, boolean>
}

/** Made anew each time: nothing of one worker's may stand in another's. */
export function blankEntry(): Entry {
  return {
    source: 'oral',
    nodeId: null,
    receivedOn: '',
    matter: null,
    person: null,
    form: {},
    several: {},
    people: '',
    representatives: [],
    flags: {},
  }
}

const ALL = ENTRY_PARTS.flatMap(({ fields }) => fields)
const OWN = ['source', 'node_id', 'person_id', 'received_on', 'matter']

/** Where the page shows messages; the API names what the form lacks with and without `form.` before it. */
export const ENTRY_FIELDS = [
  ...OWN,
  ...[...ALL.map(({ name }) => name), 'people_count', 'representatives'].flatMap((name) => [
    name,
    `form.${name}`,
  ]),
]

/** What is sent: empty fields are left out. */
export function entryOrder(entry: Entry): Record<string, unknown> {
  const form: Record<string, unknown> = {}
  for (const { name, kind } of ALL) {
    if (kind === 'several') {
      if (entry.several[name]?.length) form[name] = entry.several[name]
      continue
    }
    if (kind === 'flag') {
      if (entry.flags[name]) form[name] = true
      continue
    }
    const value = entry.form[name]?.trim()
    if (!value) continue
    form[name] = kind === 'number' ? Number(value) : value
  }
  Object.assign(form, groupOf(entry))
  return {
    source: entry.source,
    node_id: entry.nodeId,
    person_id: entry.person?.id ?? null,
    received_on: entry.receivedOn,
    matter: entry.matter,
    form,
  }
}

/** Whether so many ask together that somebody speaks for them. */
export function isGroup(entry: Entry): boolean {
  return Number(entry.people) >= GROUP
}

function groupOf(entry: Entry): Record<string, unknown> {
  const people_count = Number(entry.people)
  if (!people_count) return {}
  if (!isGroup(entry)) return { people_count }
  const representatives = entry.representatives
    .map(({ name, phone, id_number }) => ({
      name: name.trim(),
      phone: phone.trim(),
      id_number: id_number.trim() || null,
    }))
    .filter(({ name, phone }) => name || phone)
  return { people_count, representatives }
}
