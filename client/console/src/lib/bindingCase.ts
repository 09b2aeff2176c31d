/** What somebody claims to be and what the roster has, line by line. */

import type { View } from '@/api/client'
import { dateTime } from './time'

export interface Compared {
  said: string
  claim: string
  roster: string
  /** null where there is nothing to compare. */
  same: boolean | null
}

export function compared(read: View<'StaffCaseView'>): Compared[] {
  const { evidence } = read
  // Once decided the roster has what was decided: it says nothing about the claim any more.
  const found = read.state === 'open' ? evidence : null
  const proved = read.is_phone_proved ? '已用验证码验证' : '没有验证'
  const rows: Compared[] = [
    { said: '姓名', claim: read.name, roster: evidence?.name ?? '', same: found && found.is_name_same },
    // The roster is found by the number: where there is a person, it is the same.
    {
      said: '身份证号',
      claim: read.id_number ?? '',
      roster: evidence ? (read.id_number ?? '') : '',
      same: found && true,
    },
    {
      said: '手机号',
      claim: read.phone ?? '',
      roster: evidence?.phone ?? '',
      same: found && found.is_phone_same,
    },
    { said: '手机是否验证过', claim: proved, roster: '', same: null },
    { said: '工会', claim: read.node.name, roster: evidence?.node?.name ?? '', same: null },
    {
      said: '微信账号',
      claim: `${dateTime(read.claimant_since)} 开始用`,
      roster: boundSaid(evidence),
      same: null,
    },
  ]
  return read.state === 'open' ? rows : rows.filter(({ said }) => said !== '手机是否验证过')
}

function boundSaid(evidence: View<'StaffCaseView'>['evidence']): string {
  if (!evidence) return ''
  if (!evidence.is_bound) return '还没有绑定微信'
  return evidence.last_signed_in_at
    ? `已绑定别的微信，${dateTime(evidence.last_signed_in_at)} 登录过`
    : '已绑定别的微信，没有登录过'
}
