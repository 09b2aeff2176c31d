import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { ApiError, unreachable } from '@/api/problem'
import { useAsk } from '@/composables/useAsk'

/** What is asked outside a component: nothing is mounted, so nothing listens for the network. */
vi.mock('@/composables/useEventListener', () => ({ useEventListener: () => undefined }))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a question', () => {
  it('that did not get through is asked again by itself, until it does', async () => {
    const answers = [unreachable(false), unreachable(false), 'there']
    const question = vi.fn(async () => {
      const next = answers.shift()!
      if (typeof next !== 'string') throw next
      return next
    })
    const asked = effectScope().run(() => useAsk(question))!
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.state.value).toBe('offline')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([asked.state.value, asked.data.value, question.mock.calls.length]).toEqual(['ready', 'there', 3])
  })

  it('that was refused is not, nor one whose page was left', async () => {
    const refused = vi.fn(async () => {
      throw new ApiError({ code: 'auth.forbidden', detail: '不行', status: 403, details: {} })
    })
    const lost = vi.fn(async () => {
      throw unreachable(false)
    })
    effectScope().run(() => useAsk(refused))
    const page = effectScope()
    page.run(() => useAsk(lost))
    await vi.advanceTimersByTimeAsync(0)
    page.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([refused.mock.calls.length, lost.mock.calls.length]).toEqual([1, 1])
  })
})
