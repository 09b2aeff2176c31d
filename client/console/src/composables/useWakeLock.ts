import { onBeforeUnmount, onMounted } from 'vue'

/** Keep the screen on while the component is there, where the browser can. */
export function useWakeLock(): void {
  let lock: WakeLockSentinel | null = null

  async function hold(): Promise<void> {
    if (document.hidden || !('wakeLock' in navigator)) return
    // Refused on battery saving, for one: the screen then goes off as it always did.
    lock = await navigator.wakeLock.request('screen').catch(() => null)
  }

  const again = () => void hold()
  onMounted(() => {
    void hold()
    document.addEventListener('visibilitychange', again)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  })
}
