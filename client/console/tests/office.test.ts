import description from '../../openapi.json?raw'
import { describe, expect, it } from 'vitest'
import { conflicts, grantable, rolesSaid, standingOf } from '@/lib/account'
import {
  announcementForm,
  announcementLacks,
  announcementOrder,
  blankAnnouncement,
  quietSaid,
  reachedPercent,
  sentSaid,
} from '@/lib/announcing'
import { auditQuery, sayDetails } from '@/lib/auditTrail'
import { compared } from '@/lib/bindingCase'
import { sayDevice } from '@/lib/device'
import { fileProblem, goodRows, isUnderWay, notAcceptable, percentOf } from '@/lib/importing'
import { keptLists } from '@/lib/keptFilters'
import { sayAction } from '@/lib/officeWords'
import { sayOperation, WORDED } from '@/lib/operationWords'
import { listKey } from '@/lib/savedFilters'
import { saySearch, searchOrder } from '@/lib/search'

const NOW = Date.parse('2026-11-28T23:30:00+08:00')

describe('who is looked for', () => {
  it('is an ID number, a phone or a name, as it was typed', () => {
    expect(searchOrder(' 53080219900101000x ')).toEqual({ id_number: '53080219900101000X' })
    expect(searchOrder('5308 0219 9001 0100 0X')).toEqual({ id_number: '53080219900101000X' })
    expect(searchOrder('+86 138-0000-1234')).toEqual({ phone: '13800001234' })
    expect(searchOrder('张三')).toEqual({ name: '张三' })
    expect(searchOrder('zs')).toEqual({ name: 'zs' })
  })

  it('is never taken for a name when it is a number with a digit too few', () => {
    expect(searchOrder('1380000123')).toEqual({ phone: '1380000123' })
    expect(searchOrder('5308021990010100')).toEqual({ id_number: '5308021990010100' })
  })

  it('is said back without the whole number', () => {
    const said = [{ id_number: '53080219900101000X' }, { phone: '13800001234' }].map(saySearch)
    expect(said).toEqual(['身份证号尾号 000X', '手机号尾号 1234'])
    expect(saySearch({ name: '张三' })).toBe('姓名“张三”')
  })
})

describe('an account', () => {
  it('says how it stands', () => {
    expect(standingOf({ is_disabled: true, must_change: true }).said).toBe('已停用')
    expect(standingOf({ is_disabled: false, must_change: true }).said).toBe('待改初始密码')
    expect(standingOf({ is_disabled: false, must_change: false }).tone).toBe('good')
  })

  it('lists its roles by the union they are held on', () => {
    const [city, simao] = [
      { id: 1, name: '市总' },
      { id: 2, name: '思茅' },
    ]
    const held = [
      { role: 'trainer', node: city },
      { role: 'judge', node: simao },
      { role: 'administrator', node: city },
    ] as Parameters<typeof rolesSaid>[0]
    expect(rolesSaid(held)).toEqual([
      { node: '市总', roles: ['培训教师', '系统管理员'] },
      { node: '思茅', roles: ['裁判'] },
    ])
  })

  it('is not offered what nobody is granted, and told what nobody holds together', () => {
    expect(grantable().map(({ value }) => value)).not.toContain('worker')
    const apart = [
      ['auditor', 'administrator'],
      ['auditor', 'training_staff'],
    ]
    expect(conflicts('auditor', ['administrator', 'judge'], apart)).toEqual(['administrator'])
    expect(conflicts('judge', ['administrator'], apart)).toEqual([])
  })
})

describe('an announcement', () => {
  it('goes out as it was written, without outer space', () => {
    const form = { ...blankAnnouncement(7), title: ' 培训 ', body: '周六起报名\n', industries: ['tea'] }
    expect(announcementOrder(form)).toMatchObject({
      node_id: 7,
      title: '培训',
      body: '周六起报名',
      audience: { industries: ['tea'], counties: [], occupations: [], categories: [] },
    })
  })

  it('comes back into its form as a copy', () => {
    const audience = { industries: ['tea'], counties: [], occupations: [], categories: [] }
    const read = { node_id: 7, title: 'a', body: 'b', text: '', audience } as unknown as Parameters<
      typeof announcementForm
    >[0]
    const form = announcementForm(read)
    form.industries.push('coffee')
    expect(audience.industries).toEqual(['tea'])
  })

  it('lacks a union, a title, a text, in that order', () => {
    const form = blankAnnouncement(null)
    expect(announcementLacks(form)).toBe('请选发给哪个工会')
    expect(announcementLacks({ ...form, node: 1, title: ' ' })).toBe('请写标题')
    expect(announcementLacks({ ...form, node: 1, title: 'a' })).toBe('请写一两句正文')
    expect(announcementLacks({ ...form, node: 1, title: 'a', body: 'b' })).toBe('')
  })

  it('tells that phones rest at night, before and after it is sent', () => {
    const morning = '2026-11-29T07:00:00+08:00'
    expect(quietSaid(morning, NOW)).toContain('明天 07:00')
    expect(quietSaid('2026-11-28T23:30:20+08:00', NOW)).toBe('')
    expect(sentSaid(morning, null, NOW)).toContain('夜里不打扰')
    expect(sentSaid(morning, morning, NOW)).toBe('已定好，明天 07:00开始发')
    expect(sentSaid('2026-11-28T23:30:01+08:00', null, NOW)).toBe('开始发了')
  })

  it('has reached nobody as long as nobody is counted', () => {
    expect(reachedPercent({ total: null, reached: 0 })).toBe(0)
    expect(reachedPercent({ total: 3, reached: 2 })).toBe(66)
  })
})

describe('an import', () => {
  const found = (changed: object) =>
    ({
      state: 'ready',
      rows_total: 200,
      rows_checked: 200,
      rows_bad: 0,
      rows_applied: 0,
      ...changed,
    }) as Parameters<typeof notAcceptable>[0]

  it('shows how far it is only while something is done', () => {
    expect(percentOf(found({ state: 'checking', rows_checked: 50 }))).toBe(25)
    expect(percentOf(found({ state: 'applying', rows_applied: 199 }))).toBe(99)
    expect(percentOf(found({ state: 'checking', rows_total: 0 }))).toBeNull()
    expect(percentOf(found({}))).toBeNull()
    expect(isUnderWay(found({ state: 'applied' }))).toBe(false)
  })

  it('leaves bad rows out only where that is said', () => {
    expect(notAcceptable(found({}), false)).toBe('')
    expect(notAcceptable(found({ rows_bad: 3 }), false)).toContain('3 行有错')
    expect(notAcceptable(found({ rows_bad: 3 }), true)).toBe('')
    expect(notAcceptable(found({ rows_bad: 200 }), true)).toBe('没有一行能用')
    expect(notAcceptable(found({ state: 'checking' }), true)).toBe('还没核对完')
    expect(goodRows({ rows_total: 200, rows_bad: 3 })).toBe(197)
  })

  it('takes workbooks of at most 20 MB', () => {
    expect(fileProblem({ name: '名单.XLSX', size: 10 })).toBe('')
    expect(fileProblem({ name: '名单.xls', size: 10 })).toContain('.xlsx')
    expect(fileProblem({ name: '名单.xlsx', size: 21 * 1024 * 1024 })).toContain('20 MB')
    expect(fileProblem({ name: '名单.xlsx', size: 0 })).toBe('文件是空的')
  })
})

it('a binding case shows what agrees and what does not, and nothing to compare where nobody is listed', () => {
  const evidence = {
    name: '张三',
    phone: '138****1234',
    node: { id: 1, name: '茶厂' },
    is_bound: true,
    last_signed_in_at: null,
    is_name_same: true,
    is_phone_same: false,
  }
  const read = {
    state: 'open',
    name: '张三',
    id_number: '5308**********000X',
    phone: '139****0000',
    is_phone_proved: true,
    claimant_since: '2026-11-01T00:00:00Z',
    node: { id: 1, name: '茶厂' },
    evidence,
  } as unknown as Parameters<typeof compared>[0]
  const same = (rows: ReturnType<typeof compared>) => rows.map((row) => row.same)
  expect(same(compared(read))).toEqual([true, true, false, null, null, null])
  expect(same(compared({ ...read, state: 'moved' }))).toEqual([null, null, null, null, null])
  expect(compared(read).at(-1)!.roster).toBe('已绑定别的微信，没有登录过')
  expect(same(compared({ ...read, evidence: null as never }))).toEqual([null, null, null, null, null, null])
})

describe('the trail', () => {
  it('is asked from the beginning of the first day to the end of the last', () => {
    expect(auditQuery({ since: '2026-11-28', until: '2026-11-28', actor: '17', page: 2 })).toEqual({
      since: '2026-11-28T00:00:00+08:00',
      until: '2026-11-29T00:00:00+08:00',
      actor: 17,
      page: 2,
    })
    expect(auditQuery({ actor: '张三' })).toEqual({})
  })

  it('is read in words, by its codes where there are none', () => {
    expect(sayAction('identity.role_granted')).toBe('授予角色')
    expect(sayAction('brand.new')).toBe('brand.new')
    expect(sayDetails({ role: 'judge', people: [1, 2], skips: false, why: null })).toBe(
      '角色：裁判；涉及人员：1、2；skips：否；why：—',
    )
    const many = Array.from({ length: 50 }, (_, index) => index)
    expect(sayDetails({ people: many })).toBe('涉及人员：0、1、2、3、4、5、6、7 等50项')
    expect(sayDetails({ at: '2020-11-28T11:00:00+00:00' })).toBe('时间：2020年11月28日 周六 19:00')
  })
})

it('a device is said by browser and system', () => {
  const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'
  expect(sayDevice(windows)).toBe('Chrome（Windows）')
  expect(sayDevice(`${windows} Edg/140`)).toBe('Edge（Windows）')
  expect(sayDevice('Mozilla/5.0 (iPhone) MicroMessenger/8.0')).toBe('微信（iOS）')
  expect(sayDevice('curl/8.1')).toBe('curl/8.1')
  expect(sayDevice(null)).toBe('未知设备')
})

it('kept filters are found over all lists, one’s own alone', () => {
  const rows = new Map([
    [listKey(7, 'people', 'filters'), JSON.stringify([{ said: '茶', filters: { industry: 'tea' } }])],
    [listKey(7, 'people', 'columns'), '["name"]'],
    [listKey(77, 'people', 'filters'), JSON.stringify([{ said: '别人', filters: {} }])],
    [listKey(7, 'classes', 'filters'), '[]'],
  ])
  const shelf = {
    length: rows.size,
    key: (index: number) => [...rows.keys()][index] ?? null,
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: () => {},
  }
  expect(keptLists(shelf, 7)).toEqual([
    { list: 'people', filters: [{ said: '茶', filters: { industry: 'tea' } }] },
  ])
})

it('words stand for operations the API has', () => {
  const { paths } = JSON.parse(description) as {
    paths: Record<string, Record<string, { operationId?: string }>>
  }
  const known = new Set(
    Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId)),
  )
  expect(WORDED.filter((operation) => !known.has(operation))).toEqual([])
  expect(sayOperation('publish_class')).toBe('发布班次')
  expect(sayOperation('something_new')).toBe('something_new')
})
