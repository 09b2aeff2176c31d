import { onBeforeUnmount, ref } from 'vue'
import { serverNow } from '@/api/client'

/** The server's time, going on by itself every so many milliseconds. */
export function useNow(everyMs: number) {
  const now = ref(serverNow())
  const timer = window.setInterval(() => (now.value = serverNow()), everyMs)
  onBeforeUnmount(() => window.clearInterval(timer))
  return now
}
