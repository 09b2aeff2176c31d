/** The server's time, for countdowns: `useClock().now()` anywhere, `useClock().tick` where the page shall move. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { onAnswer, type Answer } from '@/api/transport'
import { better, exactSample, headerSample, type Sample } from '@/lib/server-time'
import { instant } from '@/lib/times'

export const useClock = defineStore('clock', () => {
  const sample = ref<Sample | null>(null)
  /** The server's time, renewed four times a second while somebody watches. */
  const tick = ref(Date.now())
  let watchers = 0
  let timer: ReturnType<typeof setInterval> | null = null

  function now(): number {
    return Date.now() + (sample.value?.offset ?? 0)
  }

  function learn(answer: Pick<Answer, 'body' | 'headers' | 'sentAt' | 'answeredAt'>): void {
    const told = (answer.body as { server_time?: unknown } | null)?.server_time
    const found =
      typeof told === 'string'
        ? exactSample(instant(told), answer.sentAt, answer.answeredAt)
        : headerSample(answer.headers.date, answer.sentAt, answer.answeredAt)
    if (found) sample.value = better(sample.value, found)
  }

  /** Let `tick` run until the returned function is called. */
  function watch(): () => void {
    let isWatching = true
    watchers += 1
    tick.value = now()
    timer ??= setInterval(() => (tick.value = now()), 250)
    return () => {
      if (!isWatching) return
      isWatching = false
      watchers -= 1
      if (watchers === 0 && timer !== null) {
        clearInterval(timer)
        timer = null
      }
    }
  }

  onAnswer(learn)
  return { sample, tick, now, learn, watch }
})
