/** My lessons in order of time, out of my classes. */
import type { LessonAttended, MyTrainingLine } from '@/api/types'
import { dayOf, instant } from './times'

export interface AgendaLesson {
  lesson: LessonAttended
  classId: number
  classTitle: string
  startsAt: number
  endsAt: number
}

export function agenda(
  classes: ReadonlyArray<Pick<MyTrainingLine, 'class_id' | 'title' | 'lessons'>>,
): AgendaLesson[] {
  return classes
    .flatMap((each) =>
      each.lessons.map((lesson) => ({
        lesson,
        classId: each.class_id,
        classTitle: each.title,
        startsAt: instant(lesson.starts_at),
        endsAt: instant(lesson.ends_at),
      })),
    )
    .sort((one, other) => one.startsAt - other.startsAt || one.lesson.lesson_id - other.lesson.lesson_id)
}

/** The lesson that runs or comes next, null where there is none. */
export function nextLesson(lessons: ReadonlyArray<AgendaLesson>, now: number): AgendaLesson | null {
  return lessons.find((each) => each.endsAt > now) ?? null
}

/** Lessons by day in Shanghai. */
export function byDay(lessons: ReadonlyArray<AgendaLesson>): Map<string, AgendaLesson[]> {
  const days = new Map<string, AgendaLesson[]>()
  for (const each of lessons) {
    const day = dayOf(each.startsAt)
    days.set(day, [...(days.get(day) ?? []), each])
  }
  return days
}

/** The days of a month's page, Monday first, with those of the weeks it cuts: `2026-11`. */
export function monthPage(month: string): string[] {
  const first = Date.parse(`${month}-01T00:00:00Z`)
  const weekday = (new Date(first).getUTCDay() + 6) % 7
  const [year, number] = month.split('-').map(Number)
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const weeks = Math.ceil((weekday + length) / 7)
  return Array.from({ length: weeks * 7 }, (_, index) =>
    new Date(first + (index - weekday) * 86_400_000).toISOString().slice(0, 10),
  )
}

/** `2026-12` is one after `2026-11`. */
export function addMonths(month: string, count: number): string {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}
