/** The field's closed lists with their Chinese words, read once. */

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api, ask, type View } from '@/api/client'

export const useReference = defineStore('reference', () => {
  const lists = shallowRef<View<'ReferenceView'> | null>(null)
  let loading: Promise<void> | null = null

  /** Harmless when read already; a failure is tried again the next time. */
  async function load(): Promise<void> {
    if (lists.value) return
    loading ??= ask(api.GET('/api/v1/reference'))
      .then((read) => void (lists.value = read))
      .catch(() => {})
      .finally(() => (loading = null))
    await loading
  }

  const counties = computed(() => options(lists.value?.counties))
  const industries = computed(() => options(lists.value?.industries))
  const categories = computed(() => options(lists.value?.worker_categories))
  const occupations = computed(() => options(lists.value?.occupations))
  /** 5 to 1: the levels a course or a certificate can have. */
  const levels = computed(() => options(lists.value?.levels).filter(({ value }) => /^[1-5]$/.test(value)))

  return { lists, load, counties, industries, categories, occupations, levels }
})

function options(entries: { code: string; name: string }[] | undefined): { value: string; label: string }[] {
  return (entries ?? []).map(({ code, name }) => ({ value: code, label: name }))
}

export function nameOf(
  options: { value: string; label: string }[],
  code: string | number | null | undefined,
): string {
  return options.find(({ value }) => value === String(code))?.label ?? (code ? String(code) : '')
}
