import { describe, expect, it } from 'vitest'
import { levelIn, normalNumber } from '@/lib/certificate'
import { lookText, masked, signInText, sizeText } from '@/lib/my-words'
import { hoursFacts, outcomeOf } from '@/lib/record'

describe('who looked', () => {
  it('is told by office, not by name, with what was seen', () => {
    const look = {
      roles: ['training_staff'],
      unions: ['思茅区总工会'],
      action: 'personal_data.read',
      fields: ['name', 'attendance'],
    }
    expect(lookText(look)).toBe('培训管理员（思茅区总工会）看了姓名、考勤')
    expect(
      lookText({ ...look, roles: [], unions: [], action: 'attendance.export', fields: ['x', 'y'] }),
    ).toBe('工作人员导出了其他信息')
    expect(lookText({ ...look, roles: ['legal_aid_officer'], fields: ['case', 'cover'] })).toMatch(
      /^代班的.+（思茅区总工会）看了法律援助案件$/,
    )
  })
})

describe('numbers on the screen', () => {
  it('show no more than tells one from another', () => {
    expect(masked('13800001234')).toBe('138****1234')
    expect(masked('53080219900101000X')).toBe('5308**********000X')
    expect(masked(null)).toBe('没有登记')
  })

  it('say sizes and devices shortly', () => {
    expect([sizeText(300), sizeText(48_000), sizeText(3_600_000)]).toEqual(['1 KB', '47 KB', '3.4 MB'])
    expect(signInText({ channel: 'wechat', device: 'Mozilla/5.0 (iPhone) MicroMessenger/8.0' })).toBe(
      '微信登录 · 微信',
    )
    expect(signInText({ channel: 'phone', device: null })).toBe('手机验证码登录 · 其他设备')
  })
})

describe('a certificate number', () => {
  it('is read as the server reads it', () => {
    expect(normalNumber(' ｓ0000 5300 ')).toBe('S00005300')
  })

  it('tells its level at the sixteenth place', () => {
    expect(levelIn('S000053000001244000001')).toBe(4)
    expect(levelIn('S000053000001249000001')).toBeNull()
    expect(levelIn('1234567890123456')).toBeNull()
  })
})

describe('a class of mine', () => {
  const lesson = {
    lesson_id: 1,
    title: '',
    starts_at: '',
    ends_at: '',
    mode: 'on_site' as const,
    hours: 4,
    state: null,
    arrived_at: null,
  }
  const line = {
    completion_percent: 80,
    hours: { planned: 10, attended: 6, by_mode: { on_site: 4, online: 2 } },
    completion: null,
    lessons: [lesson],
  }

  it('says how it stands', () => {
    const over = { is_completed: true, hours_planned: 10, hours_attended: 8, computed_at: '' }
    expect(outcomeOf(line).word).toBe('还没开始')
    expect(outcomeOf({ ...line, lessons: [{ ...lesson, state: 'present' }] }).word).toBe('学习中')
    expect(outcomeOf({ ...line, completion: over }).word).toBe('已结业')
    expect(outcomeOf({ ...line, completion: { ...over, is_completed: false } }).word).toBe('没有结业')
  })

  it('counts the hours by mode, and those that are needed', () => {
    expect(hoursFacts(line)).toEqual([
      { name: '已上', value: '6 / 10 课时' },
      { name: '其中线下', value: '4 课时' },
      { name: '其中线上', value: '2 课时' },
      { name: '结业要', value: '8 课时（80%）' },
    ])
  })
})
