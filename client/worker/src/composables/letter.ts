/** Something that is written and then sent once: what is typed outlives the page, and as long as nothing in it changes it
 * is sent with the same key, so that a lost answer never makes two of it.
 *
 *   const letter = useLetter('aid-objection:1', { words: '' })
 *   doing.run(() => letter.send((key) => call('post', ..., { body: letter.form, key })))
 */
import { reactive, ref, watch, type Ref } from 'vue'
import { dropDraft, keepDraft, recallDraft } from '@/lib/drafts'
import { newKey } from '@/lib/keys'

interface Kept<T> {
  form: T
  key: string
}

export function useLetter<T extends object>(name: string, empty: T) {
  const kept = recallDraft<Kept<T>>(name)
  const form = ref({ ...empty, ...kept?.form }) as Ref<T>
  let key = kept?.key ?? ''

  function save(): void {
    if (JSON.stringify(form.value) === JSON.stringify(empty)) dropDraft(name)
    else keepDraft(name, { form: form.value, key } satisfies Kept<T>)
  }

  /** Send it; once it is accepted nothing of it stays here. What the deed throws is thrown on, and the words stay. */
  async function send(deed: (key: string) => Promise<unknown>): Promise<void> {
    key ||= newKey()
    save()
    await deed(key)
    form.value = { ...empty }
  }

  watch(
    form,
    () => {
      key = ''
      save()
    },
    { deep: true, flush: 'sync' },
  )
  return reactive({ form, send })
}
