/** What a trainer needs in a room without signal, kept on the phone ahead: the rosters and code keys of the day. */
import { call } from '@/api/client'
import { ApiError } from '@/api/errors'
import type { View } from '@/api/types'
import { drop, keep, keysOf, recall } from './storage'
import { instant } from './times'
import { wait } from './wait'

export type Roster = View<'RosterView'>
export type LessonOfDay = View<'LessonOfDay'>
export interface KeptKey extends View<'CodeKeyView'> {
  /** Server time minus phone time when it was fetched, ms: the phone's clock may be wrong. Null where not known. */
  offset: number | null
}

/** Training staff may see a whole county's lessons: only so many are fetched ahead. */
const MOST_AHEAD = 6
const PAUSE_MS = 150
/** Hand marks are taken some days after the lesson; a roster older than that is of no use. */
const KEPT_MS = 7 * 86_400_000

/** The name of a roster among what `useLoader` keeps. */
export function rosterCache(lessonId: number): string {
  return `roster:${lessonId}`
}

export function isKept(lessonId: number): boolean {
  return keysOf(`cache:${rosterCache(lessonId)}`).includes(`cache:${rosterCache(lessonId)}`)
}

export function keptKey(lessonId: number): KeptKey | null {
  return recall<KeptKey>(`cache:code-key:${lessonId}`)
}

/** Fetch and keep the lesson's key. Throws ApiError. */
export async function fetchKey(lessonId: number, offset: number | null): Promise<KeptKey> {
  const found = await call('get', '/api/v1/staff/training/lessons/{lesson_id}/code-key', {
    path: { lesson_id: lessonId },
  })
  const kept = { ...found, offset }
  keep(`cache:code-key:${lessonId}`, kept)
  return kept
}

export function fetchRoster(lessonId: number): Promise<Roster> {
  return call('get', '/api/v1/staff/training/lessons/{lesson_id}/roster', { path: { lesson_id: lessonId } })
}

/** Keep what these lessons need without signal; what is kept already is not fetched again, what fails is left out. */
export async function fetchAhead(lessons: LessonOfDay[], offset: number | null, now: number): Promise<void> {
  const coming = lessons.filter((each) => !each.sealed_at && instant(each.ends_at) > now)
  for (const { id } of coming.slice(0, MOST_AHEAD)) {
    try {
      if (!isKept(id)) keep(`cache:${rosterCache(id)}`, await fetchRoster(id))
      if (!keptKey(id)) await fetchKey(id, offset)
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
    }
    await wait(PAUSE_MS)
  }
}

/** Drop the rosters of lessons long over, and the keys of those that have ended. */
export function dropOld(now: number): void {
  for (const key of keysOf('cache:roster:')) {
    const roster = recall<Roster>(key)
    if (!roster || instant(roster.lesson.ends_at) < now - KEPT_MS) drop(key)
  }
  for (const key of keysOf('cache:code-key:')) {
    const kept = recall<KeptKey>(key)
    if (!kept || instant(kept.ends_at) < now) drop(key)
  }
}
