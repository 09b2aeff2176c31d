/** Sending a form: busy while it runs, the server's messages at their fields, the rest above; a draft kept meanwhile. */

import { computed, nextTick, provide, ref, shallowRef, watch, type InjectionKey, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/problem'
import { draftKey, findDraft, keepDraft } from '@/lib/drafts'
import { fieldErrors, homeless, type FieldErrors } from '@/lib/details'
import { useSession } from '@/stores/session'

export const FIELD_ERRORS: InjectionKey<Readonly<Ref<FieldErrors>>> = Symbol('field errors')

export function useForm(fields: readonly string[]) {
  const error = shallowRef<ApiError | null>(null)
  const isBusy = ref(false)
  const errors = computed(() => (error.value ? fieldErrors(error.value.details) : {}))
  const others = computed(() => homeless(errors.value, fields))
  provide(FIELD_ERRORS, errors)

  /** Whether it was done. The first field with a message comes into view. */
  async function send(work: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    error.value = null
    try {
      await work()
      return true
    } catch (thrown) {
      error.value = asApiError(thrown)
      await nextTick()
      document
        .querySelector('.el-form-item.is-error')
        ?.scrollIntoView({ block: 'center', behavior: 'smooth' })
      return false
    } finally {
      isBusy.value = false
    }
  }

  return { error, errors, others, isBusy, send }
}

/** Keep what is being written in `form` under `name`; `found` is what an earlier visit left. */
export function useDraft<Form extends object>(name: string, form: Ref<Form>) {
  const key = draftKey(useSession().personId, name)
  const found = shallowRef(findDraft<Form>(localStorage, key, Date.now()))
  const keptAt = ref(0)
  let timer = 0
  let isOff = true

  watch(
    form,
    () => {
      if (isOff) return
      window.clearTimeout(timer)
      timer = window.setTimeout(keep, 400)
    },
    { deep: true },
  )

  function keep(): void {
    keptAt.value = Date.now()
    keepDraft(localStorage, key, form.value, keptAt.value)
  }

  /** From now on changes are kept: called once the form shows what it begins with. */
  async function begin(): Promise<void> {
    await nextTick()
    isOff = false
  }

  function drop(): void {
    window.clearTimeout(timer)
    localStorage.removeItem(key)
    found.value = null
    keptAt.value = 0
  }

  return { found, keptAt, begin, drop }
}
