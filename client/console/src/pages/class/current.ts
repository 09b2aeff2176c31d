/** The class whose page is open, for its tabs. */

import { inject, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { View } from '@/api/client'

export interface Current {
  data: ShallowRef<View<'StaffClassView'> | null>
  reload: () => Promise<void>
  /** A second person publishes: set by who asks where the draft stands. */
  isApprovalDemanded: Ref<boolean>
}

export const CURRENT: InjectionKey<Current> = Symbol('class')

export function useCurrentClass(): Current {
  return inject(CURRENT)!
}
