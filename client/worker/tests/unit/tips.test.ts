import { describe, expect, it } from 'vitest'
import type { View } from '@/api/types'
import { answerText, consultationWord } from '@/lib/consultation'
import { icsOf } from '@/lib/phone-calendar'
import { askedText, codeLines, normalCode, tipText, tipWord } from '@/lib/tips'
import { instant } from '@/lib/times'

const NOON = instant('2026-11-28T12:00:00+08:00')
type Step = View<'FollowedTipView'>['steps'][number]
const step = (kind: string, words: string) => ({ at: '', step: kind, text: '', words }) as Step

describe('a claim code', () => {
  it('is read however it was typed', () => {
    expect(normalCode(' ejch9cx6 qw6t-tkj3 ')).toBe('EJCH-9CX6-QW6T-TKJ3')
    expect(normalCode('ＥＪＣＨ－９ＣＸ６')).toBe('EJCH-9CX6')
    expect(normalCode('——')).toBe('')
  })
  it('is saved with its number and the way to it', () => {
    const lines = codeLines('XS530802-2026-0001', 'EJCH-9CX6-QW6T-TKJ3')
    expect(lines[1]).toBe('EJCH-9CX6-QW6T-TKJ3')
    expect(lines.join('\n')).toContain('XS530802-2026-0001')
    expect(lines.join('\n')).toContain('凭查询码查')
  })
})

describe('a tip', () => {
  it('says what became of it, or until when a letter is replied to', () => {
    expect(tipText({ outcome: 'partly', due_on: null as never, state: 'closed' }, NOON)).toBe(
      '单位整改了一部分',
    )
    expect(tipText({ outcome: null as never, due_on: '2026-12-03', state: 'hinted' }, NOON)).toBe(
      '对方回复期限：12月3日 周四前，还有5天',
    )
    expect(tipText({ outcome: null as never, due_on: null as never, state: 'received' }, NOON)).toBe('')
    expect(tipWord('unfounded').word).toBe('不属实')
  })
  it('shows the last question only while it waits for an answer', () => {
    const steps = [step('ask', '几个人？'), step('answer', '十个'), step('ask', '哪几个月？')]
    expect(askedText({ steps, can_answer: true })).toBe('哪几个月？')
    expect(askedText({ steps, can_answer: false })).toBe('')
  })
})

it('a consultation says until when it is answered, while it waits', () => {
  expect(answerText({ state: 'waiting', due_on: '2026-12-03' }, NOON)).toBe(
    '律师答复：12月3日 周四前，还有5天',
  )
  expect(answerText({ state: 'answered', due_on: '2026-12-03' }, NOON)).toBe('')
  expect(consultationWord('closed').word).toBe('已解决')
})

it('a hearing fits into the phone calendar, without a word of the case', () => {
  const at = instant('2026-12-03T09:30:00+08:00')
  const lines = icsOf({ title: '仲裁开庭', place: '仲裁院;一庭,二楼', at, bring: '身份证' }, NOON).split(
    '\r\n',
  )
  expect(lines).toContain('DTSTART:20261203T013000Z')
  expect(lines).toContain('DTEND:20261203T033000Z')
  expect(lines).toContain('DTSTAMP:20261128T040000Z')
  expect(lines).toContain('LOCATION:仲裁院\\;一庭\\,二楼')
  expect(lines).toContain('TRIGGER:-PT24H')
})
