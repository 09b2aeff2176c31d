/** The class whose page is open, for its tabs. */

import { inject, type InjectionKey, type ShallowRef } from 'vue'
import type { View } from '@/api/client'

export interface Current {
  data: ShallowRef<View<'StaffClassView'> | null>
  reload: () => Promise<void>
}

export const CURRENT: InjectionKey<Current> = Symbol('class')

export function useCurrentClass(): Current {
  return inject(CURRENT)!
}
