/** A deed behind a button in a list: busy while it runs, what it did or why not said at the top of the screen. */

import { ElMessage } from 'element-plus'
import { ref } from 'vue'
import { asApiError } from '@/api/problem'

export function useDeed() {
  const busy = ref<string | number | null>(null)

  /** Whether it was done. `mark` names the row or button that is busy meanwhile. */
  async function run(mark: string | number, work: () => Promise<unknown>, said?: string): Promise<boolean> {
    if (busy.value !== null) return false
    busy.value = mark
    try {
      await work()
      if (said) ElMessage.success(said)
      return true
    } catch (thrown) {
      const error = asApiError(thrown)
      ElMessage.error([error.message, error.nextStep].filter(Boolean).join('，'))
      return false
    } finally {
      busy.value = null
    }
  }

  return { busy, run }
}
