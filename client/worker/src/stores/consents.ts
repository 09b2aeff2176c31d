/** What personal data may be used for only with the person's consent, and which of it she has been asked on this phone. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { call } from '@/api/client'
import { ApiError } from '@/api/errors'
import type { ConsentView } from '@/api/types'
import { keep, recall } from '@/lib/storage'
import { useSession } from './session'

export const useConsents = defineStore('consents', () => {
  const items = ref<ConsentView[]>([])

  async function load(): Promise<ConsentView[]> {
    items.value = (await call('get', '/api/v1/me/consents')).items
    return items.value
  }

  /** Give or withdraw; `version` is that of the words on the screen. Throws ApiError, e.g. where they were changed. */
  async function decide(asked: ConsentView, isGiven: boolean): Promise<void> {
    const body = { is_given: isGiven, version: asked.version }
    const now = await call('put', '/api/v1/me/consents/{purpose}', { path: { purpose: asked.purpose }, body })
    items.value = items.value.map((each) => (each.purpose === now.purpose ? now : each))
  }

  /** Those whose present words have not been shown on this phone to this person. */
  function unseen(): ConsentView[] {
    const seen = new Set(recall<string[]>(seenKey()) ?? [])
    return items.value.filter((each) => !each.is_given && !seen.has(mark(each)))
  }

  function markSeen(): void {
    keep(seenKey(), items.value.map(mark))
  }

  return { items, load, decide, unseen, markSeen }
})

/** Whether there is something to ask at first use; not where it cannot be found out now. */
export async function hasUnseenPurposes(): Promise<boolean> {
  const consents = useConsents()
  try {
    await consents.load()
  } catch (thrown) {
    if (thrown instanceof ApiError) return false
    throw thrown
  }
  return consents.unseen().length > 0
}

function seenKey(): string {
  return `purposes-seen:${useSession().me?.person.id ?? 0}`
}

function mark(each: ConsentView): string {
  return `${each.purpose}@${each.version}`
}
