/**
 * Words of a case while they are being written. They are confidential: this tab's memory holds them, the browser's store
 * never does. Leaving the page keeps them, closing the tab asks first, another person who signs in finds nothing.
 */

import { ref, watch, type Ref } from 'vue'
import { useSession } from '@/stores/session'

const held = new Map<string, object>()
let owner = 0

window.addEventListener('beforeunload', (event) => {
  if (held.size) event.preventDefault()
})

export function useTabDraft<Form extends object>(name: string, blank: () => Form) {
  const { personId } = useSession()
  if (owner !== personId) held.clear()
  owner = personId
  const found = held.get(name) as Form | undefined
  const form = ref(copied(found ?? blank())) as Ref<Form>

  watch(
    form,
    (now) => {
      if (JSON.stringify(now) === JSON.stringify(blank())) held.delete(name)
      else held.set(name, copied(now))
    },
    { deep: true, flush: 'sync' },
  )

  /** It was sent, or is not wanted. */
  function drop(): void {
    form.value = blank()
    held.delete(name)
  }

  return { form, isResumed: found !== undefined, drop }
}

function copied<Form extends object>(form: Form): Form {
  return JSON.parse(JSON.stringify(form)) as Form
}
