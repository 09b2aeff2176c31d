/** A class's conditions in words. */

import type { View } from '@/api/client'

export type NamedList = 'county' | 'industry' | 'category' | 'occupation' | 'level'

/** `name` finds the Chinese word of a code. */
export function sayGate(
  gate: View<'GateView'>,
  name: (list: NamedList, code: string | number) => string,
): string {
  const all = (list: NamedList, codes: string[] | undefined) =>
    (codes ?? []).map((code) => name(list, code)).join('、')
  switch (gate.kind) {
    case 'county':
      return `限${all('county', gate.codes)}`
    case 'industry':
      return `限${all('industry', gate.values)}产业`
    case 'category':
      return `限${all('category', gate.values)}`
    case 'node':
      return '限指定工会及下级'
    case 'level':
      return `须有${name('occupation', gate.occupation_code)}${name('level', gate.at_least)}或更高证书`
    case 'earlier_course':
      return '须先学过指定课程'
    default:
      return gate.kind
  }
}
