/** What a page shows comes from here: one question to the server and how it stands.
 *
 *   const page = useLoader(() => call('get', '/api/v1/me/inbox'), { cache: 'inbox', needsSignIn: true })
 *   <PageShell :state="page.state" :problem="page.problem" :is-stale="page.isStale" @retry="page.load" />
 *
 * With `cache`, what was last seen is shown at once and while there is no signal, marked as such. */
import { computed, reactive, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import { keep, recall } from '@/lib/storage'
import { useSession } from '@/stores/session'

export type PageState = 'loading' | 'ready' | 'empty' | 'error' | 'offline' | 'sign-in'

interface Options<T> {
  cache?: string
  needsSignIn?: boolean
  isEmpty?: (data: T) => boolean
}

export function useLoader<T>(ask: () => Promise<T>, options: Options<T> = {}) {
  const session = useSession()
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<ApiError | null>(null)
  const isLoading = ref(false)
  let asked = 0

  const isStale = computed(() => data.value !== null && problem.value !== null)
  const state = computed<PageState>(() => {
    if (options.needsSignIn && !session.isSignedIn) return 'sign-in'
    if (data.value !== null) return options.isEmpty?.(data.value) ? 'empty' : 'ready'
    if (problem.value) return problem.value.isOffline ? 'offline' : 'error'
    return 'loading'
  })

  async function load(): Promise<void> {
    if (options.needsSignIn && !session.isSignedIn) {
      data.value = null
      return
    }
    const mine = (asked += 1)
    if (data.value === null && options.cache) data.value = recall<T>(`cache:${options.cache}`)
    isLoading.value = true
    try {
      const found = await ask()
      // A later question has been asked meanwhile: its answer counts.
      if (mine !== asked) return
      data.value = found
      problem.value = null
      if (options.cache) keep(`cache:${options.cache}`, found)
    } catch (thrown) {
      if (mine !== asked) return
      problem.value = asApiError(thrown)
      // Gone or forbidden is not "no signal": what was last seen is no longer true.
      if (!problem.value.isUnclear && problem.value.status !== 429) data.value = null
    } finally {
      if (mine === asked) isLoading.value = false
    }
  }

  /** Forget what is shown, e.g. because another question begins. */
  function clear(): void {
    asked += 1
    data.value = null
    problem.value = null
  }

  return reactive({ data, problem, isLoading, isStale, state, load, clear })
}
