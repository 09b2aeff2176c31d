/** Something asked of the API, with the states every page shows: loading, ready, error, offline. */

import { computed, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/problem'
import { useEventListener } from './useEventListener'

export type State = 'loading' | 'ready' | 'error' | 'offline'

export interface Asked<Data> {
  data: ShallowRef<Data | null>
  error: ShallowRef<ApiError | null>
  state: Ref<State>
  /** What is shown is older than the last try. */
  isStale: Ref<boolean>
  isBusy: Ref<boolean>
  readAt: Ref<number>
  load: () => Promise<void>
}

/**
 * `load()` asks; what was there stays on screen meanwhile. The last asked wins, whatever comes back first. After the
 * network returns it asks by itself.
 */
export function useAsk<Data>(question: () => Promise<Data>, options: { atOnce?: boolean } = {}): Asked<Data> {
  const data = shallowRef<Data | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const isBusy = ref(false)
  const readAt = ref(0)
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    isBusy.value = true
    try {
      const answer = await question()
      if (mine !== turn) return
      data.value = answer
      error.value = null
      readAt.value = Date.now()
    } catch (thrown) {
      if (mine === turn) error.value = asApiError(thrown)
    } finally {
      if (mine === turn) isBusy.value = false
    }
  }

  const state = computed<State>(() => {
    if (data.value !== null && (!error.value || error.value.isUnreachable)) return 'ready'
    if (error.value) return error.value.isUnreachable ? 'offline' : 'error'
    return 'loading'
  })
  const isStale = computed(() => data.value !== null && error.value?.isUnreachable === true)

  useEventListener(window, 'online', () => {
    if (error.value) void load()
  })
  if (options.atOnce !== false) void load()
  return { data, error, state, isStale, isBusy, readAt, load }
}
