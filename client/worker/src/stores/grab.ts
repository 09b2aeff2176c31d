/** Grabbing places: one attempt a class, alive over pages and restarts until its result is certain. */
import { defineStore } from 'pinia'
import { reactive } from 'vue'
import { call } from '@/api/client'
import { ApiError } from '@/api/errors'
import { renewIfShort } from '@/api/tokens'
import { afterRestart, nextMove, sleepMs, won, type Outcome, type Pending } from '@/lib/grab'
import { newKey } from '@/lib/keys'
import { drop, keep, recall } from '@/lib/storage'
import { instant } from '@/lib/times'
import { wait } from '@/lib/wait'
import { useClock } from './clock'

export type Phase = 'idle' | 'armed' | 'asking' | 'unclear' | 'done'

export interface Grab {
  classId: number
  title: string
  phase: Phase
  attempts: number
  outcome: Outcome | null
  /** When it fires, by the server's time; 0 where it does not wait. */
  opensAt: number
  /** Whether the result has been on the screen. */
  isSeen: boolean
}

const LIST = 'grab:pending'
/** Before opening: ask once to know the server's time and have fresh tokens, once more so that a connection stands. */
const WARM_UP_MS = 12_000
const TOUCH_MS = 2_500
/** So far ahead of the opening a phone whose clock we misjudged may be; it waits a moment and asks again. */
const EARLY_PAUSE_MS = 120

export const useGrab = defineStore('grab', () => {
  const clock = useClock()
  const grabs = reactive(new Map<number, Grab>())
  const wakers = new Map<number, () => void>()

  function of(classId: number): Grab | null {
    return grabs.get(classId) ?? null
  }

  /** Those whose result is not known yet. */
  function open(): Grab[] {
    return [...grabs.values()].filter((each) => each.phase === 'asking' || each.phase === 'unclear')
  }

  /** Those whose result nobody has looked at yet, e.g. because it came after the app was opened again. */
  function unseen(): Grab[] {
    return [...grabs.values()].filter((each) => each.phase === 'done' && !each.isSeen)
  }

  function see(classId: number): void {
    const grab = of(classId)
    if (grab?.phase === 'done') grab.isSeen = true
  }

  /** Get ready: fires by itself at the opening, as long as the page is open. */
  async function arm(classId: number, title: string, opensAt: number): Promise<void> {
    const grab = begin(classId, title, 'armed')
    grab.opensAt = opensAt
    const luck = Math.random() * 0.6 + 0.7
    const marks = [
      { before: WARM_UP_MS * luck, act: () => warmUp(classId) },
      { before: TOUCH_MS * luck, act: touch },
    ]
    while (grab.phase === 'armed' && clock.now() < grab.opensAt) {
      const due = marks.filter((mark) => grab.opensAt - clock.now() <= mark.before)
      for (const mark of due) {
        marks.splice(marks.indexOf(mark), 1)
        void mark.act()
      }
      await wait(sleepMs(grab.opensAt, clock.now()))
    }
    if (grab.phase === 'armed') await fire(classId, title)
  }

  /** Staff moved the opening while somebody waits for it. */
  function postpone(classId: number, opensAt: number): void {
    const grab = of(classId)
    if (grab?.phase === 'armed') grab.opensAt = opensAt
  }

  function disarm(classId: number): void {
    const grab = of(classId)
    if (grab?.phase !== 'armed') return
    grab.phase = 'idle'
    grabs.delete(classId)
  }

  /** Ask for the place now, and again until the answer is certain. */
  async function fire(classId: number, title: string): Promise<void> {
    const present = of(classId)
    if (present?.phase === 'asking' || present?.phase === 'unclear') return
    const pending = { key: newKey(), classId, title, at: clock.now() }
    remember(pending)
    await pursue(begin(classId, title, 'asking'), pending)
  }

  /** Go on with what was under way when the app was closed. */
  async function resume(): Promise<void> {
    await Promise.all(
      kept()
        .filter((pending) => !of(pending.classId))
        .map((pending) => {
          const grab = begin(pending.classId, pending.title, 'unclear')
          return afterRestart(pending, clock.now()) === 'resume' ? pursue(grab, pending) : look(grab)
        }),
    )
  }

  /** Do not wait for the next try: the signal is back, or somebody asks. */
  function hurry(): void {
    for (const wake of wakers.values()) wake()
  }

  /** Forget the result. */
  function clear(classId: number): void {
    if (of(classId)?.phase === 'done') grabs.delete(classId)
  }

  async function pursue(grab: Grab, pending: Pending): Promise<void> {
    while (grab.phase !== 'done') {
      grab.attempts += 1
      try {
        const path = { class_id: pending.classId }
        const how = { key: pending.key, timeout: 12_000, retries: 0 }
        end(
          grab,
          won(await call('post', '/api/v1/training/classes/{class_id}/bookings', { path, body: {}, ...how })),
        )
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown
        const move = nextMove(thrown, grab.attempts, Math.random())
        if (move.kind === 'over') end(grab, move.outcome)
        else if (move.kind === 'wait') await rest(grab, instant(move.opensAt) - clock.now())
        else {
          // Once unclear it stays so until an answer settles it, whatever comes between.
          if (move.isUnclear) grab.phase = 'unclear'
          await rest(grab, move.afterMs)
        }
      }
    }
  }

  /** Long ago: only look what became of it. */
  async function look(grab: Grab): Promise<void> {
    try {
      const path = { class_id: grab.classId }
      const { my_booking } = await call('get', '/api/v1/training/classes/{class_id}', { path })
      if (my_booking) end(grab, { kind: 'already', bookingId: my_booking.id })
      else end(grab, lapsed())
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      // Still unknown: kept on the phone and looked up at the next start.
      if (!thrown.isPassing) end(grab, lapsed())
      else grabs.delete(grab.classId)
    }
  }

  function begin(classId: number, title: string, phase: Phase): Grab {
    // One that waited for the opening and is overtaken by a tap does not fire a second time.
    disarm(classId)
    grabs.set(classId, { classId, title, phase, attempts: 0, outcome: null, opensAt: 0, isSeen: false })
    return grabs.get(classId) as Grab
  }

  function end(grab: Grab, outcome: Outcome): void {
    grab.outcome = outcome
    grab.phase = 'done'
    keep(
      LIST,
      kept().filter((each) => each.classId !== grab.classId),
    )
    if (!kept().length) drop(LIST)
  }

  async function rest(grab: Grab, ms: number): Promise<void> {
    const woken = new Promise<void>((resolve) => wakers.set(grab.classId, resolve))
    await Promise.race([wait(Math.max(EARLY_PAUSE_MS, ms)), woken])
    wakers.delete(grab.classId)
  }

  async function warmUp(classId: number): Promise<void> {
    try {
      await renewIfShort()
      await call('get', '/api/v1/training/classes/{class_id}', { path: { class_id: classId }, retries: 0 })
    } catch (thrown) {
      // The opening itself will tell; nothing is lost yet.
      if (!(thrown instanceof ApiError)) throw thrown
    }
  }

  return { grabs, of, open, unseen, see, arm, postpone, disarm, fire, resume, hurry, clear }
})

async function touch(): Promise<void> {
  try {
    await call('get', '/api/v1/training/classes', { query: { per_page: 1 }, retries: 0 })
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown
  }
}

function kept(): Pending[] {
  return recall<Pending[]>(LIST) ?? []
}

function remember(pending: Pending): void {
  keep(LIST, [...kept().filter((each) => each.classId !== pending.classId), pending])
}

function lapsed(): Outcome {
  return {
    kind: 'refused',
    code: 'client.lapsed',
    detail: '上次的报名没有送到，没有报上',
    nextStep: '还想参加的话，请再报一次',
    reasons: [],
  }
}
