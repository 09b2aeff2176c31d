import { useEventListener } from './useEventListener'
import { computed, ref } from 'vue'
import { isReached } from '@/api/client'

/** Whether the browser has a network, and whether the server was reached last. */
export function useOnline() {
  const hasNetwork = ref(navigator.onLine)
  useEventListener(window, 'online', () => (hasNetwork.value = true))
  useEventListener(window, 'offline', () => (hasNetwork.value = false))
  return { hasNetwork, isOnline: computed(() => hasNetwork.value && isReached.value) }
}
