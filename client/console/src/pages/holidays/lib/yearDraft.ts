/** A year's table while it is being changed: begun from what is saved, kept in this browser year by year. */

import { ref, shallowRef, watch, type Ref } from 'vue'
import { draftKey, findDraft, keepDraft, type Kept } from '@/lib/drafts'
import { useSession } from '@/stores/session'
import { changes, sorted, type SpecialDay } from './year'

interface Form {
  notice: string
  days: SpecialDay[]
}

interface Saved {
  year: number
  notice: string | null
  days: SpecialDay[]
}

export function useYearDraft(year: Ref<number>, saved: Ref<Saved | undefined>) {
  const { personId } = useSession()
  const form = ref<Form>({ notice: '', days: [] })
  const found = shallowRef<Kept<Form> | null>(null)
  const keptAt = ref(0)
  const key = () => draftKey(personId, `holidays-${year.value}`)

  watch(
    saved,
    (now) => {
      form.value = { notice: now?.notice ?? '', days: sorted(now?.days ?? []) }
      found.value = now ? findDraft<Form>(localStorage, key(), Date.now()) : null
      keptAt.value = 0
    },
    { immediate: true },
  )
  watch(
    form,
    ({ notice, days }) => {
      const { value } = saved
      if (!value || (notice === (value.notice ?? '') && !changes(value.days, days))) return
      keptAt.value = Date.now()
      found.value = null
      keepDraft(localStorage, key(), form.value, keptAt.value)
    },
    { deep: true },
  )

  function drop(): void {
    localStorage.removeItem(key())
    found.value = null
    keptAt.value = 0
  }

  return { form, draft: { found, keptAt, drop } }
}
