/** What somebody typed into the one search box for people: an ID number, a phone, or a name. */

import type { Order } from '@/api/client'

export type Sought = Pick<Order<'SearchPeople'>, 'id_number' | 'phone' | 'name'>

const BETWEEN = /[\s-]/g

export function soughtOf(typed: string): Sought | null {
  const text = typed.trim()
  if (!text) return null
  const bare = text.replace(BETWEEN, '')
  if (/^\d{14,17}[\dXx]$/.test(bare)) return { id_number: bare.toUpperCase() }
  if (/^(\+?86)?1\d{10}$/.test(bare)) return { phone: bare }
  // Digits of neither length: said to be wrong by the server, as what they most look like.
  if (/^\d{6,}[Xx]?$/.test(bare)) return bare.length > 12 ? { id_number: bare } : { phone: bare }
  return { name: text.slice(0, 30) }
}

export function saySought(sought: Sought): string {
  if (sought.id_number) return `身份证号尾号 ${sought.id_number.slice(-4)}`
  if (sought.phone) return `手机号尾号 ${sought.phone.slice(-4)}`
  return `姓名“${sought.name ?? ''}”`
}
