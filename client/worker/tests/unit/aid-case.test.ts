import { describe, expect, it } from 'vitest'
import {
  askedPapers,
  canAddPapers,
  canBeginAgain,
  canObject,
  canWithdraw,
  canWrite,
  caseTitle,
  isEnded,
  isRated,
  moneyText,
  sentFiles,
  timeline,
  withdrawalText,
} from '@/lib/aid-case'
import { paperWord, type CaseView } from '@/lib/aid-words'
import { dateText, daysLeft, dueText, isRed } from '@/lib/due'
import { pageOf } from '@/lib/links'
import { instant } from '@/lib/times'

const NOON = instant('2026-11-28T12:00:00+08:00')
const step = (kind: string): CaseView['steps'][number] => ({ at: '', kind, text: kind, by: 'office' })

function file(paper: string, at: string, state = 'ready'): CaseView['files'][number] {
  return { id: `${paper}-1`, paper, state, created_at: at, name: `${paper}.jpg` } as CaseView['files'][number]
}

describe('a term', () => {
  it('counts whole days in Shanghai', () => {
    expect(daysLeft('2026-11-28', NOON)).toBe(0)
    expect(daysLeft('2026-12-03', instant('2026-11-27T16:30:00Z'))).toBe(5)
    expect(daysLeft('2026-11-20', NOON)).toBe(-8)
  })
  it('says until when and how long that is', () => {
    expect(dueText('2026-12-03', NOON)).toBe('12月3日 周四前，还有5天')
    expect(dueText('2026-11-28', NOON)).toBe('今天是最后一天')
    expect(dueText('2026-11-20', NOON)).toBe('11月20日 周五到期，已过8天')
    expect(dateText('2027-01-04', NOON)).toBe('2027年1月4日 周一')
  })
  it('is red at seven days or fewer', () => {
    expect([isRed('2026-12-05', NOON), isRed('2026-12-06', NOON)]).toEqual([true, false])
  })
})

describe('what can be done', () => {
  it('ends with a way on where nothing was decided', () => {
    const all = ['draft', 'submitted', 'lapsed', 'withdrawn', 'refused', 'closed'] as const
    expect(all.filter(canBeginAgain)).toEqual(['lapsed', 'withdrawn'])
  })
  it('follows the state', () => {
    expect(['submitted', 'objecting', 'working'].map((each) => canWithdraw(each as 'working'))).toEqual([
      true,
      true,
      true,
    ])
    expect(['draft', 'refused', 'closed'].some((each) => canWithdraw(each as 'draft'))).toBe(false)
    expect([canAddPapers('supplementing'), canAddPapers('objecting'), canAddPapers('closed')]).toEqual([
      true,
      false,
      false,
    ])
    expect([canWrite('draft'), canWrite('refused'), canWrite('closed')]).toEqual([false, true, false])
    expect(isEnded('lapsed')).toBe(true)
  })
  it('is one objection against a refusal', () => {
    const at = (state: string, objections: unknown[]) =>
      ({ case: { state }, objections }) as unknown as CaseView
    expect(canObject(at('refused', []))).toBe(true)
    expect(canObject(at('refused', [{}]))).toBe(false)
    expect(canObject(at('granted', []))).toBe(false)
  })
  it('has its consequences told before', () => {
    expect(withdrawalText('working')).toContain('承办人不再办理')
    expect(withdrawalText('reviewing')).not.toContain('承办人')
    expect(withdrawalText('reviewing')).toContain('时限照样走')
  })
})

describe('the notice', () => {
  const notice = { papers: ['wages', 'contract'], told_at: '2026-11-20T09:00:00+08:00' } as CaseView['notice']
  it('knows what came after it', () => {
    const files = [
      file('wages', '2026-11-21T10:00:00.123456+08:00'),
      file('contract', '2026-11-19T10:00:00+08:00'),
    ]
    expect(askedPapers({ notice, files }).map(({ name, isThere }) => [name, isThere])).toEqual([
      ['工资凭证', true],
      ['劳动合同', false],
    ])
  })
  it('does not take a file on its way for one that is there', () => {
    const files = [file('wages', '2026-11-21T10:00:00+08:00', 'uploading')]
    expect(askedPapers({ notice, files })[0].isThere).toBe(false)
    expect(askedPapers({ notice: null as never, files })).toEqual([])
  })
  it('names a paper it does not know', () => {
    expect(paperWord('something_new')).toBe('其他材料')
  })
})

describe('what is shown', () => {
  it('is newest first, messages and reminders apart', () => {
    const steps = [step('submit'), step('message'), step('take'), step('escalate'), step('rate')]
    expect(timeline(steps).map((each) => each.kind)).toEqual(['rate', 'take', 'submit'])
    expect([isRated(steps), isRated([step('submit')])]).toEqual([true, false])
  })
  it('names money, files and the case', () => {
    expect([moneyText(1_234_500), moneyText(98_765_432_10), moneyText(50)]).toEqual([
      '12,345元',
      '98,765,432.10元',
      '0.50元',
    ])
    expect(sentFiles(['wages-1', 'gone'], [file('wages', '2026-11-21T10:00:00+08:00')])).toEqual([
      'wages.jpg',
      '一份已删除的材料',
    ])
    expect(caseTitle({ matter: 'wages', number: '530802-2026-0001' })).toBe('拖欠工资 · 530802-2026-0001')
    expect(caseTitle({ matter: 'injury', number: null as never })).toBe('工伤、职业病')
  })
})

it('a notice in the inbox leads to its case, consultation or tip', () => {
  const id = '0192f0c1-5b1e-7c3a-9d8e-2f6a1b4c7d90'
  expect(pageOf(`/legal-aid/cases/${id}`)).toBe(`/pages/aid-case/index?case=${id}`)
  expect(pageOf(`/legal-aid/consultations/${id}`)).toBe(`/pages/consultations/index?consultation=${id}`)
  expect(pageOf(`/labour-tips/${id}`)).toBe(`/pages/tips/tip?tip=${id}`)
  expect(pageOf(`/staff/legal-aid/cases/${id}`)).toBeNull()
})
