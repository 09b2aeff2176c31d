/** What can be chosen on the application form, as the official form has it. */
import type { Form } from './aid-form'

interface Choice {
  code: string
  name: string
}

function same(...names: string[]): Choice[] {
  return names.map((name) => ({ code: name, name }))
}

export const DISPUTE_STEPS: ReadonlyArray<{ code: NonNullable<Form['step']>; name: string }> = [
  { code: 'none', name: '还没开始' },
  { code: 'mediating', name: '正在调解' },
  { code: 'arbitrating', name: '正在仲裁' },
  { code: 'award', name: '拿到裁决书' },
  { code: 'court', name: '去法院了' },
]
export const HELP = ['解答问题', '代写文书', '帮忙调解', '代理仲裁', '代理打官司']
export const POSITIONS = same('申请人', '被申请人', '原告', '被告', '第三人')
export const SEXES = same('男', '女')
export const EDUCATION = same('小学', '初中', '高中、中专', '大专', '本科以上', '没上过学')
export const GROUPS = same('残疾人', '老年人', '未成年人', '妇女', '一般困难', '其他')
export const YES_NO: Choice[] = [
  { code: 'yes', name: '是' },
  { code: 'no', name: '不是' },
]
export const HARDSHIP: Choice[] = [
  { code: 'none', name: '都没有' },
  { code: 'assisted', name: '在领低保、特困救助，或是优抚对象' },
  { code: 'no_income', name: '没有固定收入的老人、残疾人、未成年人' },
  { code: 'low_income', name: '收入低，日子紧' },
]

export function flag(code: string): boolean | undefined {
  return code === '' ? undefined : code === 'yes'
}

export function flagCode(value: boolean | undefined): string {
  return value === undefined ? '' : value ? 'yes' : 'no'
}

export function nameOf(choices: ReadonlyArray<Choice>, code: string | undefined): string {
  return choices.find((each) => each.code === code)?.name ?? ''
}
