/** Let the server's clock tick while this page is seen: `clock.tick` then moves four times a second. */
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { useClock } from '@/stores/clock'

export function useTicking() {
  const clock = useClock()
  let stop: (() => void) | null = null
  const end = (): void => {
    stop?.()
    stop = null
  }
  onShow(() => {
    end()
    stop = clock.watch()
  })
  onHide(end)
  onUnload(end)
  return clock
}
