/** Attendance marked on this phone: kept at once, sent when there is signal, each answer kept until it is read.
 *
 * They belong to the trainer who tapped them and outlive a sign-in that has run out: nobody else sees or sends them. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { call } from '@/api/client'
import { asApiError } from '@/api/errors'
import {
  afterSending, batchOf, beforeSending, isWaiting, withMark, withoutAnswered, withoutMark, type Deed, type KeptMark,
} from '@/lib/kept-marks' // prettier-ignore
import { newKey } from '@/lib/keys'
import { drop, keep, keysOf, recall } from '@/lib/storage'
import { useClock } from './clock'
import { useNetwork } from './network'
import { useSession } from './session'

export interface KeptSheet {
  lesson_id: number
  title: string
  starts_at: string
  marks: KeptMark[]
  /** Why the server did not take the batch as a whole; not sent again by itself then. */
  problem: { detail: string; next_step: string } | null
}
export type LessonBrief = Pick<KeptSheet, 'lesson_id' | 'title' | 'starts_at'>

const AGAIN_MS = 20_000

export const useMarks = defineStore('marks', () => {
  const session = useSession()
  const clock = useClock()
  const network = useNetwork()
  const sheets = ref<Record<number, KeptSheet>>({})
  /** Lessons whose batch is on its way. */
  const sending = ref<number[]>([])
  /** The phone took no more: what was tapped last is not safe. */
  const isFull = ref(false)

  const owner = computed(() => session.me?.person.id ?? null)
  const waiting = computed(() =>
    Object.values(sheets.value).reduce((sum, sheet) => sum + sheet.marks.filter(isWaiting).length, 0),
  )

  function load(): void {
    sheets.value = {}
    if (owner.value === null) return
    for (const key of keysOf(`marks:${owner.value}:`)) {
      const sheet = recall<KeptSheet>(key)
      if (sheet) sheets.value[sheet.lesson_id] = sheet
    }
  }

  // What is kept is read again before each change: another tab may have added to it.
  function change(
    person: number,
    lesson: LessonBrief,
    step: (marks: KeptMark[]) => KeptMark[],
    problem?: KeptSheet['problem'],
  ): void {
    const key = `marks:${person}:${lesson.lesson_id}`
    const unsaved = isFull.value && owner.value === person ? sheets.value[lesson.lesson_id] : null
    const held = unsaved ?? recall<KeptSheet>(key) ?? { ...lesson, marks: [], problem: null }
    const next = { ...held, marks: step(held.marks), problem: problem === undefined ? held.problem : problem }
    if (next.marks.length) isFull.value = !keep(key, next)
    else drop(key)
    if (owner.value !== person) return
    if (next.marks.length) sheets.value = { ...sheets.value, [lesson.lesson_id]: next }
    else delete sheets.value[lesson.lesson_id]
  }

  /** Keep a mark; it is sent as soon as that is possible. */
  function mark(lesson: LessonBrief, worker: { worker_id: number; name: string }, deed: Deed): void {
    if (owner.value === null) return
    const kept: KeptMark = {
      worker_id: worker.worker_id,
      client_id: newKey(),
      name: worker.name,
      deed,
      at: Math.round(clock.now()),
      isRough: clock.sample === null,
      isTried: false,
      answer: null,
    }
    change(owner.value, lesson, (marks) => withMark(marks, kept))
  }

  function takeBack(lesson: LessonBrief, clientId: string): void {
    if (owner.value !== null) change(owner.value, lesson, (marks) => withoutMark(marks, clientId))
  }

  /** Put away what has been read: one answer, or all of them. */
  function putAway(lesson: LessonBrief, clientId?: string): void {
    if (owner.value !== null) change(owner.value, lesson, (marks) => withoutAnswered(marks, clientId))
  }

  /** Send a lesson's marks, if any wait. What becomes of them is in its sheet; whether the server answered.
   * Not tried while the phone says that it has no connection, unless somebody asks for it. */
  async function send(lesson: LessonBrief, isAsked = false): Promise<boolean> {
    if (!network.isOnline && !isAsked) return false
    const person = owner.value
    const { lesson_id } = lesson
    if (person === null || sending.value.includes(lesson_id)) return false
    sending.value = [...sending.value, lesson_id]
    try {
      // A phone whose clock is wrong would date its marks wrongly: ask for the time first.
      if (clock.sample === null) await session.loadMe()
      while (sheets.value[lesson_id]?.marks.some(isWaiting)) {
        change(person, lesson, (marks) => beforeSending(marks, clock.sample?.offset ?? null), null)
        const batch = owner.value === person ? batchOf(sheets.value[lesson_id]?.marks ?? []) : []
        const { items } = await call('put', '/api/v1/staff/training/lessons/{lesson_id}/attendance', {
          path: { lesson_id },
          body: { marks: batch },
          retries: 1,
        })
        change(person, lesson, (marks) => afterSending(marks, items))
        // An answer about none of them would be asked for without end.
        if (!items.some((each) => batch.some((sent) => sent.client_id === each.client_id))) break
      }
      return true
    } catch (thrown) {
      const { detail, next_step, isPassing, status } = asApiError(thrown)
      if (!isPassing && status !== 401) change(person, lesson, (marks) => marks, { detail, next_step })
      return false
    } finally {
      sending.value = sending.value.filter((each) => each !== lesson_id)
    }
  }

  /** Send whatever waits and was not refused as a whole. */
  async function sendAll(): Promise<void> {
    if (!session.isTrainer) return
    for (const sheet of Object.values(sheets.value))
      if (!sheet.problem && sheet.marks.some(isWaiting)) await send(sheet)
  }

  load()
  watch(owner, load)
  watch(
    () => network.isOnline,
    (isOnline) => isOnline && void sendAll(),
  )
  // The sign of a connection is not to be trusted in a basement: what waits is tried now and then in any case.
  setInterval(() => waiting.value && void sendAll(), AGAIN_MS)

  return { sheets, sending, isFull, waiting, mark, takeBack, putAway, send, sendAll, load }
})
