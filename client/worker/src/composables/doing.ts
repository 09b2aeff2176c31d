/** A deed of the person's: one at a time, with its refusal to be shown where the button is.
 *
 *   const doing = useDoing()
 *   doing.run(async () => { await call(...); toast('好了') })
 */
import { reactive, ref, shallowRef } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'

export function useDoing() {
  const isBusy = ref(false)
  const refusal = shallowRef<ApiError | null>(null)

  /** Whether it was done. */
  async function run(deed: () => Promise<void>): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    refusal.value = null
    try {
      await deed()
      return true
    } catch (thrown) {
      refusal.value = asApiError(thrown)
      return false
    } finally {
      isBusy.value = false
    }
  }

  /** The first thing the server says of a field, '' where it says nothing. */
  function fault(field: string): string {
    const said = refusal.value?.details[field]
    return Array.isArray(said) ? String(said[0] ?? '') : ''
  }

  return reactive({ isBusy, refusal, run, fault })
}
