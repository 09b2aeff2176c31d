/** The case whose page is open, for its parts. */

import { inject, type ComputedRef, type InjectionKey } from 'vue'
import type { View } from '@/api/client'

export type OpenedCase = View<'StaffAidCaseView'>

export interface CurrentCase {
  id: ComputedRef<string>
  found: ComputedRef<OpenedCase>
  reload: () => Promise<void>
  /** Take the lock, or keep it longer. Throws ApiError where somebody else has it. */
  lock: () => Promise<void>
}

export const CURRENT_CASE: InjectionKey<CurrentCase> = Symbol('aid case')

export function useCurrentCase(): CurrentCase {
  return inject(CURRENT_CASE)!
}
