/** What a union has settled for its legal aid, asked by the union in the address. */

import type { Ref } from 'vue'
import { api, ask } from '@/api/client'
import { useAsk } from '@/composables/useAsk'
import { useNodeNames } from '@/stores/nodeNames'

export function useAidSettings(node: Ref<number | null>) {
  return useAsk(async () => {
    const params = { path: { node_id: node.value ?? 0 } }
    const read = await ask(api.GET('/api/v1/staff/nodes/{node_id}/legal-aid', { params }))
    useNodeNames().learn([read.node])
    return read
  })
}
