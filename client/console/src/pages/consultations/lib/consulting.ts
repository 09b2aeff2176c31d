/** Consultation on screen: its states, and by what a text for everybody was found to tell who it is about. */

import type { ApiError } from '@/api/problem'
import type { Word } from '@/lib/words'

export const CONSULTATION_STATES: Record<string, Word> = {
  waiting: { said: '待答复', tone: 'warn' },
  answered: { said: '已答复', tone: 'good' },
  closed: { said: '已结束', tone: 'calm' },
}

export const MATTERS: Record<string, string> = {
  wages: '拖欠工资',
  injury: '工伤、职业病',
  contract: '劳动合同',
  social_insurance: '社会保险',
  dismissal: '辞退、离职',
  other: '其他',
}

const IDENTITIES: Record<string, string> = {
  name: '提问人的姓名',
  employer: '提问人单位的名称',
  phone: '一个手机号',
  id_number: '一个身份证号',
}

/** What the text gives away, where that is why it was refused. */
export function foundInside(error: ApiError | null): string[] {
  const found = error?.details.found
  if (error?.code !== 'consultation.identity_inside' || !Array.isArray(found)) return []
  return found.map((code) => `文字里有${IDENTITIES[String(code)] ?? '能认出人的内容'}`)
}

export interface Publication {
  title: string
  question: string
  answer: string
}

export const blankPublication = (): Publication => ({ title: '', question: '', answer: '' })

export function trimmed({ title, question, answer }: Publication): Publication {
  return { title: title.trim(), question: question.trim(), answer: answer.trim() }
}

export function isWhole(text: Publication): boolean {
  return Object.values(trimmed(text)).every(Boolean)
}

/** Why a consultation does not open, in words that fit all the reasons: the server does not tell which it is. */
export const NOT_IN_SIGHT = {
  said: '这次咨询您看不到',
  why: '可能是：已经由别人答复；提问的是您本人，或和您同一个单位（要回避）；不在您的工作范围；或已删除。',
}
