/** The union a page is about, in the address as `node`; one's own first where none is named. */

import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from '@/stores/session'

export function useNodeInAddress() {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()

  return computed<number | null>({
    get: () => Number(route.query.node) || session.scopes[0]?.id || null,
    set: (id) => void router.replace({ query: { ...route.query, node: id ? String(id) : undefined } }),
  })
}
