import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api/problem'
import {
  CONSULTATION_STATES,
  foundInside,
  isWhole,
  MATTERS,
  trimmed,
} from '@/pages/consultations/lib/consulting'
import { daysBetween, dueWord } from '@/pages/consultations/lib/due'
import {
  changes,
  monthsOf,
  problemsOf,
  readNotice,
  withDay,
  type SpecialDay,
} from '@/pages/holidays/lib/year'
import {
  beginLetter,
  deedsOf,
  isLetterWhole,
  nextLetter,
  sayTipper,
  TIP_STATES,
} from '@/pages/labour-tips/lib/tips'
import {
  grouped,
  sayLength,
  sayMoves,
  supplementExample,
  type Clock,
} from '@/pages/legal-settings/lib/clocks'
import { monthsOver, sayMonth } from '@/pages/legal-statistics/lib/months'
import description from '../../openapi.json?raw'

const schemas = JSON.parse(description).components.schemas as Record<
  string,
  { properties: Record<string, { enum?: string[] }> }
>
const listed = (schema: string, field: string): string[] => schemas[schema]!.properties[field]!.enum!

function refusal(code: string, details: Record<string, unknown>): ApiError {
  return new ApiError({ code, detail: '不行', status: 422, details })
}

describe('a clock of the desk', () => {
  it('says how many days are left, in red from the last day on', () => {
    expect(dueWord(-4)).toEqual({ said: '超期4天', tone: 'bad' })
    expect(dueWord(0)).toEqual({ said: '今天到期', tone: 'bad' })
    expect(dueWord(3)).toEqual({ said: '还剩3天', tone: 'warn' })
    expect(dueWord(4)?.tone).toBe('calm')
    expect(dueWord(null)).toBeNull()
  })

  it('counts over the end of a month and of a year', () => {
    expect(daysBetween('2026-12-30', '2027-01-02')).toBe(3)
    expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2)
  })
})

describe('consultation', () => {
  it('has a word for every state and matter of the API', () => {
    expect(Object.keys(CONSULTATION_STATES)).toEqual(listed('ConsultationView', 'state'))
    expect(Object.keys(MATTERS)).toEqual(listed('ConsultationView', 'matter'))
  })

  it('says by what a text for everybody tells who it is about', () => {
    const error = refusal('consultation.identity_inside', { found: ['employer', 'phone', 'face'] })
    expect(foundInside(error)).toEqual([
      '文字里有提问人单位的名称',
      '文字里有一个手机号',
      '文字里有能认出人的内容',
    ])
    expect(foundInside(refusal('consultation.same_words', { found: ['phone'] }))).toEqual([])
    expect(foundInside(null)).toEqual([])
  })

  it('takes a text for whole when each part says something', () => {
    const text = { title: ' 工资 ', question: '欠薪怎么办\n', answer: ' ' }
    expect(isWhole(text)).toBe(false)
    expect(trimmed({ ...text, answer: '去投诉' })).toEqual({
      title: '工资',
      question: '欠薪怎么办',
      answer: '去投诉',
    })
  })
})

describe('a tip', () => {
  const all = () => true
  const letters = (facts: string, addressee = '某茶厂') => [
    { content: { addressee, facts, ground: '工会法', demands: '补发' } },
  ]
  const opened = (found: ReturnType<typeof letters>) =>
    ({ letters: found, told: { employer_name: '某茶厂', words: '只有夜班三个人知道' } }) as never

  it('has a word for every state of the API', () => {
    expect(Object.keys(TIP_STATES)).toEqual(listed('TipView', 'state'))
  })

  it('goes through the letters in their order, and ends where it may', () => {
    expect(['checking', 'hinted', 'opined'].map(nextLetter)).toEqual(['hint', 'opinion', 'advice'])
    expect(nextLetter('advised')).toBeNull()
    expect(deedsOf('received', all)).toEqual(new Set(['check', 'ask', 'dismiss', 'hand_over']))
    expect(deedsOf('hinted', all).has('dismiss')).toBe(false)
    expect(deedsOf('closed', all).size).toBe(0)
    expect(deedsOf('checking', (operation) => operation === 'close_tip')).toEqual(new Set(['close']))
  })

  it('begins a letter with the one before it, never with what the tipper told', () => {
    expect(beginLetter('hint', opened([]))).toMatchObject({ addressee: '某茶厂', facts: '', demands: '' })
    const opinion = beginLetter('opinion', opened(letters('十二人未发')))
    expect(opinion).toEqual({ addressee: '某茶厂', facts: '十二人未发', ground: '工会法', demands: '补发' })
    const advice = beginLetter('advice', opened(letters('仍未发')))
    expect(advice).toMatchObject({ addressee: '', facts: '仍未发', demands: '' })
    expect([isLetterWhole(opinion), isLetterWhole(advice)]).toEqual([true, false])
  })

  it('tells of an anonymous one that it is anonymous, and no more', () => {
    expect([sayTipper(true), sayTipper(false)]).toEqual(['匿名反映', '实名反映'])
  })
})

const NATIONAL: SpecialDay[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((number) => ({ day: `2026-10-0${number}`, is_worked: false, name: '国庆节' })),
  { day: '2026-09-20', is_worked: true, name: '国庆节调休' },
  { day: '2026-10-10', is_worked: true, name: '国庆节调休' },
]

describe('a year of holidays', () => {
  it('is drawn month by month, Monday first', () => {
    const [january, february] = monthsOf(2026, [])
    expect([january!.blanks, january!.cells.length, february!.blanks, february!.cells.length]).toEqual([
      3, 31, 6, 28,
    ])
    expect(monthsOf(2028, [])[1]!.cells).toHaveLength(29)
    const october = monthsOf(2026, NATIONAL)[9]!.cells
    expect([0, 7, 9, 10].map((index) => october[index]!.kind)).toEqual(['off', 'plain', 'worked', 'rest'])
  })

  it('says what the server would refuse, and what saving changes', () => {
    expect(problemsOf(2026, NATIONAL)).toEqual([])
    const worked = { day: '2026-10-09', is_worked: true, name: '' }
    expect(problemsOf(2026, [worked, { day: '2025-12-31', is_worked: false, name: '元旦' }])).toHaveLength(3)
    const next = withDay(withDay(NATIONAL, '2026-10-01', null), '2026-01-01', {
      day: '2026-01-01',
      is_worked: false,
      name: '元旦',
    })
    expect(changes(NATIONAL, next)).toBe('新增1天，去掉1天')
    expect(changes(NATIONAL, NATIONAL)).toBe('')
  })

  it('is read from the lines of the notice', () => {
    const text = `一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
节假日期间，各地区、各部门要妥善安排好值班。`
    const { days, unread } = readNotice(text, 2026)
    expect(unread).toEqual([])
    expect(days.filter((each) => !each.is_worked)).toHaveLength(3 + 9 + 3)
    expect(days.filter((each) => each.is_worked).map(({ day }) => day)).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
    ])
    expect(days.find(({ day }) => day === '2026-02-23')?.name).toBe('春节')
  })

  it('takes spans over a month end, two holidays at once, and only its own year', () => {
    const text = `1. 元旦：2026年12月31日至2027年1月2日放假。
2. 中秋节、国庆节：9月30日至10月7日放假调休。9月26日（周日）上班。
3. 端午节：另行通知放假。`
    const { days, unread } = readNotice(text, 2027)
    expect(days.filter(({ name }) => name === '元旦').map(({ day }) => day)).toEqual([
      '2027-01-01',
      '2027-01-02',
    ])
    expect(days.filter(({ name }) => name === '中秋节、国庆节')).toHaveLength(8)
    expect(unread).toEqual(['3. 端午节：另行通知放假。'])
  })
})

const CLOCK: Clock = {
  code: 'union_decision', title: '决定', starts: '收到申请', length: 7, unit: 'day', extension: 0, source: '本级规定',
  force: 'local', watched: 'office', is_limitation: false, is_settable: true, moves: true, is_before: false,
  interrupted_by: [], suspended_by: '',
} // prettier-ignore

describe('the table of clocks', () => {
  it('says length, what may be added, and what is counted back', () => {
    expect(sayLength({ ...CLOCK, length: 45, extension: 15 })).toBe('45日，可延长15日')
    expect(sayLength({ ...CLOCK, length: 5, is_before: true })).toBe('提前5日')
    expect(sayLength({ ...CLOCK, length: 60, unit: 'workday', extension: 30 })).toBe(
      '60个工作日，可延长30个工作日',
    )
  })

  it('says what moves it, starts it anew and makes it stand', () => {
    expect(sayMoves(CLOCK)).toEqual(['最后一天放假的，顺延到上班第一天'])
    expect(sayMoves({ ...CLOCK, moves: false })).toEqual(['最后一天放假也不顺延'])
    const said = sayMoves({ ...CLOCK, interrupted_by: ['claim', 'agreement'], suspended_by: '不可抗力' })
    expect(said.slice(1)).toEqual(['重新算：向对方主张权利、对方同意履行', '停下来：不可抗力'])
  })

  it('stands in groups that leave none out', () => {
    const clocks = ['state_objection', 'hint_reply', 'arbitration', 'capacity_again', 'complaint_answer'].map(
      (code) => ({ ...CLOCK, code }),
    )
    const groups = grouped(clocks)
    expect(groups.map(({ title }) => title)).toEqual([
      '国家法律援助', '援助窗口', '劳动法律监督', '工伤', '仲裁、诉讼、监察',
    ]) // prettier-ignore
    expect(groups.flatMap((group) => group.clocks)).toHaveLength(clocks.length)
  })
})

describe('what supplementing does to the clock', () => {
  // The dates the server counts by for the same days.
  it.each([
    ['day', 7, '2026-06-01', '2026-06-08', '2026-06-15', '2026-06-17'],
    ['day', 7, '2026-09-21', '2026-09-28', '2026-10-08', '2026-10-08'],
    ['day', 7, '2026-09-25', '2026-10-08', '2026-10-09', '2026-10-12'],
    ['workday', 5, '2026-09-18', '2026-09-24', '2026-10-08', '2026-10-09'],
    ['workday', 5, '2026-09-21', '2026-09-28', '2026-10-10', '2026-10-13'],
    ['workday', 5, '2026-09-25', '2026-10-09', '2026-10-13', '2026-10-13'],
  ] as const)('%s %i from %s', (unit, length, received, plain, paused, restarted) => {
    const ends = (mode: 'runs' | 'pauses' | 'restarts') =>
      supplementExample({ length, unit, moves: true }, mode, received, NATIONAL)
    expect(ends('runs')).toMatchObject({ plain, ends: plain })
    expect(ends('pauses')).toMatchObject({ plain, ends: paused })
    expect(ends('restarts')).toMatchObject({ plain, ends: restarted })
  })
})

describe('the months of the statistics', () => {
  it('are those that are over, newest first', () => {
    expect(monthsOver('2026-02-28', 3)).toEqual(['2026-01', '2025-12', '2025-11'])
    expect(monthsOver('2026-11-30', 1)).toEqual(['2026-10'])
    expect(sayMonth('2026-01')).toBe('2026年1月')
  })
})
