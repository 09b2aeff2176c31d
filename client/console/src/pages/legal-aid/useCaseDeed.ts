/**
 * One deed on a case: what is typed is kept in this tab until done; where a colleague changed the case meanwhile, it
 * says who did what, reads the case anew and keeps the words, so that one can look and send again.
 */

import { ElMessage } from 'element-plus'
import { onBeforeUnmount, reactive, ref, toRaw, watch } from 'vue'
import { asApiError } from '@/api/problem'
import { useForm } from '@/composables/useForm'
import { useSession } from '@/stores/session'
import { useCurrentCase } from './current'
import { changesSince } from './lib/caseDeeds'
import { findSealed, keepSealed, sealedKey } from './lib/sealedDrafts'

export function useCaseDeed<Form extends object>(
  deed: string,
  blank: () => Form,
  fields: readonly string[] = [],
) {
  const current = useCurrentCase()
  const key = sealedKey(useSession().personId, current.id.value, deed)
  const form = reactive({ ...blank(), ...findSealed<Form>(sessionStorage, key) }) as Form
  const sent = useForm(fields)
  const changes = ref<string[]>([])
  let timer = 0

  watch(
    form,
    () => {
      window.clearTimeout(timer)
      timer = window.setTimeout(() => keepSealed(sessionStorage, key, toRaw(form)), 300)
    },
    { deep: true },
  )
  onBeforeUnmount(() => window.clearTimeout(timer))

  /** Whether it was done. `work` gets the version that is on screen. */
  async function send(work: (version: number) => Promise<unknown>, said: string): Promise<boolean> {
    changes.value = []
    const isDone = await sent.send(async () => {
      const before = current.found.value
      try {
        await work(before.case.version)
      } catch (thrown) {
        const { code } = asApiError(thrown)
        if (code === 'legal_aid.stale' || code === 'state.not_allowed') {
          await current.reload()
          changes.value = changesSince(before.steps, current.found.value.steps)
        }
        throw thrown
      }
    })
    if (!isDone) return false
    window.clearTimeout(timer)
    sessionStorage.removeItem(key)
    Object.assign(form, blank())
    ElMessage.success(said)
    await current.reload()
    return true
  }

  return { ...sent, form, changes, send, current }
}
