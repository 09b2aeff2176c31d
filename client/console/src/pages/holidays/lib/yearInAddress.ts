/** The year a page shows, in the address as `year`. */

import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useYearInAddress(usual: () => number) {
  const route = useRoute()
  const router = useRouter()
  const year = computed<number>({
    get: () => Number(route.query.year) || usual(),
    set: (next) => void router.replace({ query: { ...route.query, year: String(next) } }),
  })
  return { year }
}
