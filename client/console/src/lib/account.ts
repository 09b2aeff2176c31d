/** An account as words: how it stands, what it may do where. */

import type { View } from '@/api/client'
import { ROLES, type Word } from './words'

type Account = View<'AccountView'>

export function standingOf(account: Pick<Account, 'is_disabled' | 'must_change'>): Word {
  if (account.is_disabled) return { said: '已停用', tone: 'bad' }
  return account.must_change ? { said: '待改初始密码', tone: 'warn' } : { said: '在用', tone: 'good' }
}

/** Roles by the union they are held on, in the order they come. */
export function rolesSaid(held: Account['roles']): { node: string; roles: string[] }[] {
  const found = new Map<string, string[]>()
  for (const { role, node } of held)
    found.set(node.name, [...(found.get(node.name) ?? []), ROLES[role] ?? role])
  return [...found].map(([node, roles]) => ({ node, roles }))
}

/** Nobody is granted these: they come with being signed in, or being a member. */
const IMPLIED = ['worker', 'member']

export function grantable(): { value: string; label: string }[] {
  return Object.entries(ROLES)
    .filter(([role]) => !IMPLIED.includes(role))
    .map(([value, label]) => ({ value, label }))
}

/** Roles already held that must not be held together with this one. */
export function conflicts(
  role: string,
  held: readonly string[],
  apart: readonly (readonly string[])[],
): string[] {
  return apart
    .filter((pair) => pair.includes(role))
    .flatMap((pair) => pair.filter((one) => one !== role))
    .filter((one) => held.includes(one))
}
