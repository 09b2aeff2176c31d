import { onBeforeUnmount } from 'vue'

/** Listen as long as the component is there. */
export function useEventListener<Kind extends keyof WindowEventMap>(
  target: Window,
  kind: Kind,
  listener: (event: WindowEventMap[Kind]) => void,
): void {
  target.addEventListener(kind, listener)
  onBeforeUnmount(() => target.removeEventListener(kind, listener))
}
