/** A list that grows page by page: useLoader for the first page, `more()` for the next. */
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import { useLoader } from './loader'

interface PageOf<L> {
  items: L[]
  page: number
  per_page: number
  total: number
}

export function usePager<L extends { id: number | string }, P extends PageOf<L> = PageOf<L>>(
  ask: (page: number) => Promise<P>,
  options: { cache?: string; needsSignIn?: boolean } = {},
) {
  const first = useLoader(() => ask(1), { ...options, isEmpty: (data) => data.items.length === 0 })
  const later = shallowRef<L[]>([])
  const isGrowing = ref(false)
  const refusal = shallowRef<ApiError | null>(null)
  const at = ref(1)

  watch(
    () => first.data,
    () => {
      later.value = []
      at.value = 1
      refusal.value = null
    },
  )

  // Something new at the top shifts the pages: what is seen twice is shown once.
  const items = computed<L[]>(() => {
    const seen = new Set<number | string>()
    return [...((first.data as P | null)?.items ?? []), ...later.value].filter(
      (line) => !seen.has(line.id) && seen.add(line.id),
    )
  })
  const hasMore = computed(() => {
    const shown = first.data as P | null
    return shown !== null && at.value * shown.per_page < shown.total
  })

  async function more(): Promise<void> {
    if (isGrowing.value || !hasMore.value) return
    const belongsTo = first.data
    isGrowing.value = true
    refusal.value = null
    try {
      const found = await ask(at.value + 1)
      // Another question was begun meanwhile.
      if (belongsTo !== first.data) return
      at.value += 1
      later.value = [...later.value, ...found.items]
    } catch (thrown) {
      refusal.value = asApiError(thrown)
    } finally {
      isGrowing.value = false
    }
  }

  return reactive({ first, items, hasMore, isGrowing, refusal, more })
}
