/** Ask again by itself as long as something is under way. */

import { onBeforeUnmount, watch, type ShallowRef } from 'vue'

interface Repeated<Data> {
  data: ShallowRef<Data | null>
  error: ShallowRef<unknown>
  load: () => Promise<void>
}

/** `wait` says in how many milliseconds; 0 is never. After a failure it goes on: the next try may get through. */
export function useRepeat<Data>(asked: Repeated<Data>, wait: (data: Data) => number): void {
  let timer = 0
  watch([asked.data, asked.error], () => {
    window.clearTimeout(timer)
    const milliseconds = asked.data.value === null ? 0 : wait(asked.data.value)
    if (milliseconds) timer = window.setTimeout(() => void asked.load(), milliseconds)
  })
  onBeforeUnmount(() => window.clearTimeout(timer))
}
