/** The application form on the phone: its steps, what of each is not sent yet, and whose words count where two phones
 * wrote into the same step. Pure. */
import type { View } from '@/api/types'
import { idNumberFault, phoneFault } from './identity'
import { dayFault } from './triage'

type Bodies = {
  matter: View<'SaveMatter'>
  person: View<'SavePerson'>
  employer: View<'SaveEmployer'>
  means: View<'SaveMeans'>
  people: View<'SavePeople'>
}
export type Step = keyof Bodies
export type Fields = Omit<
  Bodies['matter'] & Bodies['person'] & Bodies['employer'] & Bodies['means'] & Bodies['people'],
  'version'
>
/** What has been filled in; a field that is empty is not there. */
export type Form = { [K in keyof Fields]?: NonNullable<Fields[K]> }
export type Field = keyof Fields
export type Representative = NonNullable<Fields['representatives']>[number]

/** A step as it was changed here: `base` is what the server had when that began. */
export interface StepDraft {
  base: Form
  part: Form
}
export type Drafts = Partial<Record<Step, StepDraft>>

export const STEPS: ReadonlyArray<{ code: Step | 'papers' | 'check'; name: string }> = [
  { code: 'matter', name: '什么事' },
  { code: 'person', name: '我' },
  { code: 'employer', name: '单位' },
  { code: 'means', name: '家里情况' },
  { code: 'people', name: '几个人' },
  { code: 'papers', name: '材料' },
  { code: 'check', name: '检查提交' },
]
export const FIELDS: Record<Step, readonly Field[]> = {
  matter: ['matter', 'reason', 'claims', 'step', 'position', 'help_wanted', 'limitation_clock', 'limitation_on'],
  person: [
    'name', 'sex', 'born_on', 'ethnicity', 'id_number', 'phone', 'household', 'address', 'postcode', 'education',
    'health', 'group_kind', 'has_applied_before', 'worker_category', 'safe_to_call', 'call_note',
  ],
  employer: [
    'employer_name', 'employer_code', 'employer_address', 'employer_phone', 'occupation', 'started_on', 'ended_on',
  ],
  means: ['hardship', 'income', 'household_people', 'property', 'is_pledged'],
  people: ['people_count', 'representatives'],
} // prettier-ignore
const SAVED = Object.keys(FIELDS) as Step[]
/** Field -> the consent it needs. */
export const SENSITIVE: Partial<Record<Field, string>> = {
  health: 'health',
  income: 'finance',
  property: 'finance',
}
/** So many with the same claim may choose who speaks for them. */
export const GROUP = 10

/** What of a form belongs to a step; nothing that is empty. */
export function partOf(form: object, step: Step): Form {
  const given = form as Record<string, unknown>
  const filled = FIELDS[step].filter((name) => !isEmpty(given[name]))
  return Object.fromEntries(filled.map((name) => [name, given[name]])) as Form
}

/** What the server takes: every field of the step, null where it is empty. */
export function bodyOf(part: Form, step: Step): Record<string, unknown> {
  const given = part as Record<string, unknown>
  return Object.fromEntries(
    FIELDS[step].map((name) => [name, isEmpty(given[name]) ? null : trimmed(given[name])]),
  )
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value
}

export function isSame(one: Form, other: Form): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<Field>
  return [...names].every(
    (name) => JSON.stringify(trimmed(one[name])) === JSON.stringify(trimmed(other[name])),
  )
}

/** The form as it is shown: the server's, with what is not sent yet over it. */
export function shownForm(server: object, drafts: Drafts): Form {
  const parts = SAVED.map((step) => partOf(drafts[step]?.part ?? server, step))
  return Object.assign({}, ...parts) as Form
}

/** What becomes of a draft, now that the server has this: nothing to send, send it, or ask whose words count. */
export function verdict(draft: StepDraft, server: Form): 'drop' | 'send' | 'ask' {
  if (isSame(draft.part, server)) return 'drop'
  return isSame(draft.base, server) ? 'send' : 'ask'
}

/** The drafts with a change in it; the base is taken when the first change is made. */
export function changed(drafts: Drafts, step: Step, server: object, change: Form): Drafts {
  const held = drafts[step] ?? { base: partOf(server, step), part: partOf(server, step) }
  return { ...drafts, [step]: { base: held.base, part: partOf({ ...held.part, ...change }, step) } }
}

/** The step a field belongs to. */
export function stepOf(field: string): Step | null {
  return SAVED.find((step) => (FIELDS[step] as readonly string[]).includes(field)) ?? null
}

/** Slips of the finger in a step, by field: what is typed stays and is saved, but is looked at once more. */
export function slips(form: Form, step: string, today: string): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {}
  const look = (field: Field, fault: (text: string) => string): void => {
    const text = form[field]
    const said = typeof text === 'string' && text.trim() ? fault(text) : ''
    if (said) found[field] = said
  }
  if (step === 'person') {
    look('id_number', idNumberFault)
    look('phone', phoneFault)
  }
  if (step === 'employer') {
    look('started_on', (day) => dayFault(day, today))
    look('ended_on', (day) => dayFault(day, today) || beforeFault(form.started_on, day))
  }
  if (step === 'people') {
    const wrong = form.representatives?.map(representativeFault) ?? []
    const first = wrong.findIndex(Boolean)
    if (first >= 0) found.representatives = `代表${first + 1}的${wrong[first]}`
  }
  return found
}

function beforeFault(started: string | undefined, ended: string): string {
  return started && ended < started ? '比开始干的日子还早，请核对' : ''
}

function representativeFault(each: Representative): string {
  if (!each.name.trim()) return '姓名没有填'
  const phone = phoneFault(each.phone)
  if (phone) return `手机号${phone}`
  const number = each.id_number ? idNumberFault(each.id_number) : ''
  return number && `身份证号${number}`
}

/** What is still missing before it can be handed in, as the server will say it. */
export function missing(form: Form): Array<{ field: Field; text: string }> {
  const found = REQUIRED.filter(({ field }) => isEmpty(form[field]))
  if ((form.people_count ?? 1) >= GROUP && isEmpty(form.representatives))
    found.push({ field: 'representatives', text: `${GROUP}个人以上请推举代表` })
  if ((form.people_count ?? 1) < GROUP && !isEmpty(form.representatives))
    found.push({ field: 'people_count', text: `不到${GROUP}个人，请每个人各自申请` })
  return found
}

const REQUIRED: Array<{ field: Field; text: string }> = [
  { field: 'matter', text: '请选什么事' },
  { field: 'reason', text: '请写事情经过' },
  { field: 'claims', text: '请写您要什么' },
  { field: 'name', text: '请填姓名' },
  { field: 'phone', text: '请填手机号' },
  { field: 'employer_name', text: '请填用人单位' },
]
