/** Something asked of the API, with the states every page shows: loading, ready, error, offline. */

import { computed, onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/problem'
import { useEventListener } from './useEventListener'

/** Milliseconds between tries while nothing gets through. */
const AGAIN = 5000

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
 * `load()` asks; what was there stays on screen meanwhile. The last asked wins, whatever comes back first. What did not
 * get through is asked again by itself: as soon as the network is back, and every few seconds for a server that restarts.
 */
export function useAsk<Data>(question: () => Promise<Data>, options: { atOnce?: boolean } = {}): Asked<Data> {
  const data = shallowRef<Data | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const isBusy = ref(false)
  const readAt = ref(0)
  let turn = 0
  let again: number | undefined

  async function load(): Promise<void> {
    const mine = ++turn
    window.clearTimeout(again)
    isBusy.value = true
    try {
      const answer = await question()
      if (mine !== turn) return
      data.value = answer
      error.value = null
      readAt.value = Date.now()
    } catch (thrown) {
      if (mine !== turn) return
      error.value = asApiError(thrown)
      if (error.value.isUnreachable) again = window.setTimeout(() => void load(), AGAIN)
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
  onScopeDispose(() => {
    turn++
    window.clearTimeout(again)
  })
  if (options.atOnce !== false) void load()
  return { data, error, state, isStale, isBusy, readAt, load }
}
