/** An announcement as its form has it, and what its page says of it. */

import type { Order, View } from '@/api/client'
import { dateTime } from './time'

export interface AnnouncementForm {
  node: number | null
  title: string
  body: string
  text: string
  counties: string[]
  industries: string[]
  occupations: string[]
  categories: string[]
}

type Read = View<'StaffAnnouncementView'>

export function blankAnnouncement(node: number | null): AnnouncementForm {
  return {
    node,
    title: '',
    body: '',
    text: '',
    counties: [],
    industries: [],
    occupations: [],
    categories: [],
  }
}

export function announcementForm(read: Read): AnnouncementForm {
  const { node_id: node, title, body, text, audience } = read
  return {
    node,
    title,
    body,
    text,
    counties: [...audience.counties],
    industries: [...audience.industries],
    occupations: [...audience.occupations],
    categories: [...audience.categories],
  }
}

export function announcementOrder(form: AnnouncementForm): Order<'WriteAnnouncement'> {
  return {
    node_id: form.node ?? 0,
    title: form.title.trim(),
    body: form.body.trim(),
    text: form.text.trim(),
    audience: {
      counties: form.counties,
      industries: form.industries as Order<'AudienceOrder'>['industries'],
      occupations: form.occupations,
      categories: form.categories as Order<'AudienceOrder'>['categories'],
    },
  }
}

/** What is missing before it is worth asking the server. */
export function announcementLacks(form: AnnouncementForm): string {
  if (!form.node) return '请选发给哪个工会'
  if (!form.title.trim()) return '请写标题'
  return form.body.trim() ? '' : '请写一两句正文'
}

/** Still changing by itself: worth looking again after a while. */
export function isOnItsWay(state: string): boolean {
  return state === 'scheduled' || state === 'sending'
}

export function reachedPercent({ total, reached }: Pick<Read, 'total' | 'reached'>): number {
  return total ? Math.min(100, Math.floor((reached / total) * 100)) : 0
}

const A_MINUTE = 60_000

/** What is told before sending now: that phones rest, where they do. */
export function quietSaid(earliestAt: string, now: number): string {
  return Date.parse(earliestAt) - now > A_MINUTE
    ? `现在是免打扰时段，不吵职工休息：点发送后，会等到${dateTime(earliestAt, now)}再发。`
    : ''
}

/** What is told after sending: when it goes out, and that it was put off where it was. */
export function sentSaid(sendAt: string | null, wanted: string | null, now: number): string {
  if (!sendAt) return '已交给系统发送'
  const asked = wanted ? Date.parse(wanted) : now
  if (Date.parse(sendAt) - asked > A_MINUTE) return `夜里不打扰职工，${dateTime(sendAt, now)}开始发`
  return wanted ? `已定好，${dateTime(sendAt, now)}开始发` : '开始发了'
}
