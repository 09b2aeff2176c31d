/** Counties, industries, occupations and their words; asked for once, kept over restarts. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { call } from '@/api/client'
import type { ReferenceView } from '@/api/types'
import { keep, recall } from '@/lib/storage'

const KEY = 'reference'

export const useReference = defineStore('reference', () => {
  const lists = ref<ReferenceView | null>(recall<ReferenceView>(KEY))
  let isFresh = false

  /** The lists; what is kept serves where there is no signal. Throws ApiError where nothing is kept. */
  async function load(): Promise<void> {
    if (isFresh) return
    try {
      lists.value = await call('get', '/api/v1/reference')
      keep(KEY, lists.value)
      isFresh = true
    } catch (thrown) {
      if (!lists.value) throw thrown
    }
  }

  function occupationsOf(industry: string): ReferenceView['occupations'] {
    const all = lists.value?.occupations ?? []
    return industry ? all.filter((each) => each.industry === industry) : all
  }

  return { lists, load, occupationsOf }
})
