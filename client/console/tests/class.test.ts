import { describe, expect, it } from 'vitest'
import { arrived, totalsOf } from '@/lib/attendance'
import {
  blankClass,
  blankGate,
  blankLesson,
  fixedBecause,
  formOf,
  missing,
  orderOf,
  wallsOf,
} from '@/lib/classForm'
import { causedByCancelling, deedsOf } from '@/lib/deeds'
import { maskName, stageOf } from '@/lib/lesson'
import { daysOf, lessonsOf } from '@/lib/repeat'
import { counted } from '@/lib/rush'
import { searchOrder } from '@/lib/search'
import { fileName, writeParameters } from '@/lib/wire'
import { CLASS_STATES } from '@/lib/words'

type Read = Parameters<typeof formOf>[0]

const READ = {
  id: 3,
  course_id: 3,
  node_id: 1,
  title: '评茶师',
  place: '二楼',
  county_code: '530802',
  capacity: 4,
  waiting_capacity: 10,
  opens_at: '2026-11-28T14:53:49.799354+00:00',
  closes_at: '2026-12-05T15:53:49.799354+00:00',
  cancel_until: '2026-12-05T15:53:49.799354+00:00',
  offers_until: '2026-12-05T15:53:49.799354+00:00',
  offer_minutes: 30,
  audience: [
    { kind: 'county', codes: ['530802'] },
    { kind: 'level', occupation_code: '6-02-06-11', at_least: 4 },
  ],
  audience_said: [],
  late_after_minutes: 10,
  absent_after_minutes: 30,
  early_before_minutes: 30,
  completion_percent: 80,
  lessons: [
    {
      id: 7,
      title: '第1讲',
      starts_at: '2026-12-18T06:00:07+00:00',
      ends_at: '2026-12-18T09:00:00+00:00',
      room: '',
      mode: 'on_site',
      hours: 4,
    },
  ],
  version: 2,
  state: 'full',
} as unknown as Read

describe('a class’s form', () => {
  it('sends back untouched times to the second, and touched ones as typed', () => {
    const form = formOf(READ)
    form.closes = '2026-12-06T18:00'
    const order = orderOf(form, READ)
    expect(order.opens_at).toBe(READ.opens_at)
    expect(order.closes_at).toBe('2026-12-06T18:00:00+08:00')
    expect(order.lessons?.[0]).toMatchObject({
      id: 7,
      starts_at: '2026-12-18T06:00:07+00:00',
      ends_at: '2026-12-18T09:00:00+00:00',
    })
  })

  it('sends each condition with the fields of its kind alone', () => {
    expect(orderOf(formOf(READ), READ).audience).toEqual([
      { kind: 'county', codes: ['530802'] },
      { kind: 'level', occupation_code: '6-02-06-11', at_least: 4 },
    ])
    const form = { ...blankClass(), audience: [{ ...blankGate('industry'), many: ['tea'] }, { ...blankGate('node'), node: 2 }, { ...blankGate('earlier_course'), course: 5 }] } // prettier-ignore
    expect(
      orderOf({ ...form, opens: '2026-12-01T08:00', closes: '2026-12-02T08:00' }, null).audience,
    ).toEqual([
      { kind: 'industry', values: ['tea'] },
      { kind: 'node', node_id: 2 },
      { kind: 'earlier_course', course_id: 5 },
    ])
  })

  it('leaves to the server what was left empty', () => {
    const order = orderOf(
      { ...blankClass(), opens: '2026-12-01T08:00', closes: '2026-12-02T08:00', title: ' ' },
      null,
    )
    expect(order).toMatchObject({
      title: null,
      cancel_until: null,
      offers_until: null,
      completion_percent: null,
    })
  })

  it('lets an evening lesson end after midnight', () => {
    expect(wallsOf({ ...blankLesson(), day: '2026-12-31', from: '23:00', to: '01:00' })).toEqual({
      from: '2026-12-31T23:00',
      to: '2027-01-01T01:00',
    })
  })

  it('says what is missing before it asks', () => {
    expect(missing(blankClass())).toBe('请选课程')
    const full = {
      ...blankClass(),
      course: 1,
      place: 'x',
      opens: '2026-12-01T08:00',
      closes: '2026-12-02T08:00',
    }
    expect(missing(full)).toBe('')
    expect(missing({ ...full, lessons: [blankLesson()] })).toBe('有课次还没定日期')
  })

  it('knows what is settled once booking has begun', () => {
    expect(fixedBecause('opens', 'published')).toBe('')
    expect(fixedBecause('opens', 'full')).not.toBe('')
    expect(fixedBecause('course', 'draft')).toBe('')
    expect(fixedBecause('course', 'published')).not.toBe('')
  })

  it('offers the next lesson a week later', () => {
    expect(blankLesson({ ...blankLesson(), day: '2026-12-29', room: '302' })).toMatchObject({
      day: '2027-01-05',
      room: '302',
      id: null,
    })
  })
})

describe('lessons by a rhythm', () => {
  it('are every Tuesday, six times', () => {
    const days = daysOf({ from: '2026-12-01', weekdays: [2], times: 6, everyWeeks: 1 })
    expect(days).toEqual(['2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22', '2026-12-29', '2027-01-05'])
  })

  it('are on several days of every second week, from the day named on', () => {
    expect(daysOf({ from: '2026-12-02', weekdays: [2, 4, 0], times: 5, everyWeeks: 2 })).toEqual([
      '2026-12-03',
      '2026-12-06',
      '2026-12-15',
      '2026-12-17',
      '2026-12-20',
    ])
  })

  it('are none where no day is chosen, and never more than a class may have', () => {
    expect(daysOf({ from: '2026-12-01', weekdays: [], times: 6, everyWeeks: 1 })).toEqual([])
    expect(daysOf({ from: '2026-12-01', weekdays: [1], times: 9999, everyWeeks: 1 }).length).toBe(200)
  })

  it('are numbered after those there are', () => {
    expect(lessonsOf(['2026-12-01', '2026-12-08'], blankLesson(), 3).map(({ title }) => title)).toEqual([
      '第4讲',
      '第5讲',
    ])
  })
})

describe('what can be done with a class', () => {
  const all = () => true

  it('is something in every state, and only what the roles open', () => {
    for (const state of Object.keys(CLASS_STATES)) expect(deedsOf(state, false, all).has('copy')).toBe(true)
    expect(deedsOf('open', false, (operation) => operation === 'print_poster')).toEqual(new Set(['poster']))
  })

  it('is resuming where it is paused', () => {
    expect(deedsOf('open', true, all).has('resume')).toBe(true)
    expect(deedsOf('open', true, all).has('pause')).toBe(false)
  })

  it('tells whom a cancellation reaches', () => {
    const said = causedByCancelling({ counts: { booked: 12, offered: 1, waitlisted: 3 }, trainers: [1, 2] })
    expect(said.map((line) => /^\d+/.exec(line)?.[0])).toEqual(['12', '1', '3', '2'])
    expect(causedByCancelling({ counts: { booked: 0, offered: 0, waitlisted: 0 }, trainers: [] })).toEqual([
      '还没有人报名',
    ])
  })
})

describe('a sheet', () => {
  const line = (state: string | null, is_doubtful = false, is_confirmed = false) => ({
    state,
    is_doubtful,
    is_confirmed,
  })

  it('counts everybody once, and whom to look at', () => {
    const totals = totalsOf([
      line('present', true),
      line('late', true, true),
      line('absent'),
      line(null),
      line('made_up'),
    ])
    expect(totals).toMatchObject({
      expected: 5,
      present: 1,
      late: 1,
      absent: 1,
      made_up: 1,
      unmarked: 1,
      doubtful: 1,
    })
    expect(arrived(totals)).toBe(3)
  })

  it('waits to be sealed once the lesson is over', () => {
    const lesson = {
      starts_at: '2026-12-01T19:00:00+08:00',
      ends_at: '2026-12-01T21:00:00+08:00',
      sealed_at: null,
    }
    const at = (time: string) => stageOf(lesson, Date.parse(`2026-12-01T${time}:00+08:00`)).said
    expect([at('18:00'), at('19:30'), at('21:30')]).toEqual(['还没上课', '上课中', '待封存'])
    expect(stageOf({ ...lesson, sealed_at: lesson.ends_at }, 0).said).toBe('已封存')
  })
})

it('the rush is counted in words, most first', () => {
  expect(counted({ booked: 3, offered: 40, waitlisted: 0 }).map(([, count]) => count)).toEqual([40, 3])
  const answers = counted({ '201': 50, '409': 1200, '500': 2, '503': 0 })
  expect(answers.map(([, count]) => count)).toEqual([1200, 50, 2])
  for (const [said] of answers) expect(said).toMatch(/\p{Script=Han}/u)
})

it('what was typed to find somebody goes where it belongs', () => {
  expect(searchOrder(' 53080219900101000x ')).toEqual({ id_number: '53080219900101000X' })
  expect(searchOrder('+86 138 0000 1234')).toEqual({ phone: '13800001234' })
  expect(searchOrder('zs')).toEqual({ name: 'zs' })
})

it('a file has the name the server gives it', () => {
  expect(fileName("attachment; filename=x.pdf; filename*=UTF-8''%E8%80%83%E5%8B%A4.pdf")).toBe('考勤.pdf')
  expect(fileName('attachment; filename="a b.xlsx"')).toBe('a b.xlsx')
  expect(fileName(null)).toBe('')
})

it('a list of values stands in one parameter, and nothing empty in any', () => {
  expect(
    writeParameters({ state: ['open', 'full'], q: '', page: 2, county: null, other: undefined, many: [] }),
  ).toBe('state=open%2Cfull&page=2')
})

it('a name on the room’s screen is masked', () => {
  expect(['何罕欣', '刀罕', '示例培训教师', '罗'].map(maskName)).toEqual(['何*欣', '刀*', '示*师', '罗'])
})
