/** A class as its form has it: wall clocks instead of instants, nothing null that a control cannot show. */

import type { Order, View } from '@/api/client'
import { addDays, toWall, toWire } from './time'

export type Mode = Order<'LessonOrder'>['mode']

export interface LessonForm {
  id: number | null
  title: string
  /** 2026-12-01 */
  day: string
  /** 19:00 */
  from: string
  to: string
  room: string
  mode: Mode
  hours: number
}

export interface GateForm {
  kind: Order<'GateOrder'>['kind']
  many: string[]
  node: number | null
  occupation: string | null
  level: string | null
  course: number | null
  /** Of the chosen union or course, where it was read. */
  known: string
}

export interface ClassForm {
  course: number | null
  courseTitle: string
  node: number | null
  title: string
  place: string
  county: string | null
  capacity: number
  waiting: number
  opens: string
  closes: string
  cancelUntil: string
  offersUntil: string
  offerMinutes: number | null
  lateAfter: number
  absentAfter: number
  earlyBefore: number
  percent: number | null
  audience: GateForm[]
  lessons: LessonForm[]
}

export function blankClass(): ClassForm {
  return {
    course: null, courseTitle: '', node: null, title: '', place: '', county: null, capacity: 50, waiting: 20, opens: '', closes: '',
    cancelUntil: '', offersUntil: '', offerMinutes: null, lateAfter: 10, absentAfter: 30, earlyBefore: 30, percent: null,
    audience: [], lessons: [],
  } // prettier-ignore
}

export function blankLesson(after?: LessonForm): LessonForm {
  if (after?.day) return { ...after, id: null, title: '', day: addDays(`${after.day}T00:00`, 7).slice(0, 10) }
  return { id: null, title: '', day: '', from: '19:00', to: '21:00', room: '', mode: 'on_site', hours: 2 }
}

export function blankGate(kind: GateForm['kind']): GateForm {
  return { kind, many: [], node: null, occupation: null, level: null, course: null, known: '' }
}

export function formOf(read: View<'StaffClassView'>): ClassForm {
  return {
    course: read.course_id, courseTitle: '', node: read.node_id, title: read.title, place: read.place, county: read.county_code,
    capacity: read.capacity, waiting: read.waiting_capacity, opens: toWall(read.opens_at), closes: toWall(read.closes_at),
    cancelUntil: toWall(read.cancel_until), offersUntil: toWall(read.offers_until), offerMinutes: read.offer_minutes,
    lateAfter: read.late_after_minutes, absentAfter: read.absent_after_minutes, earlyBefore: read.early_before_minutes,
    percent: read.completion_percent,
    audience: read.audience.map((gate, at) => gateOf(gate, read.audience_said[at]?.name)),
    lessons: read.lessons.map((lesson) => ({
      id: lesson.id, title: lesson.title, day: toWall(lesson.starts_at).slice(0, 10), from: toWall(lesson.starts_at).slice(11),
      to: toWall(lesson.ends_at).slice(11), room: lesson.room, mode: lesson.mode as Mode, hours: lesson.hours,
    })),
  } // prettier-ignore
}

function gateOf(gate: View<'GateView'>, known?: string | null): GateForm {
  return {
    kind: gate.kind as GateForm['kind'],
    many: gate.codes ?? gate.values ?? [],
    node: gate.node_id ?? null,
    occupation: gate.occupation_code ?? null,
    level: gate.at_least ? String(gate.at_least) : null,
    course: gate.course_id ?? null,
    known: known ?? '',
  }
}

/** What is sent. A time that was not touched goes back as it came: to the second, so that it does not count as changed. */
export function orderOf(form: ClassForm, read: View<'StaffClassView'> | null): Order<'CreateClass'> {
  const kept = (wall: string, was: string | undefined) => (was && toWall(was) === wall ? was : toWire(wall))
  return {
    course_id: form.course ?? 0,
    node_id: form.node,
    title: form.title.trim() || null,
    place: form.place.trim(),
    county_code: form.county,
    capacity: form.capacity,
    waiting_capacity: form.waiting,
    opens_at: kept(form.opens, read?.opens_at),
    closes_at: kept(form.closes, read?.closes_at),
    cancel_until: form.cancelUntil ? kept(form.cancelUntil, read?.cancel_until) : null,
    offers_until: form.offersUntil ? kept(form.offersUntil, read?.offers_until) : null,
    offer_minutes: form.offerMinutes,
    audience: form.audience.map(gateOrder),
    late_after_minutes: form.lateAfter,
    absent_after_minutes: form.absentAfter,
    early_before_minutes: form.earlyBefore,
    completion_percent: form.percent,
    lessons: form.lessons.map((lesson) => {
      const was = read?.lessons.find(({ id }) => id === lesson.id)
      const { from, to } = wallsOf(lesson)
      return {
        id: lesson.id, title: lesson.title.trim(), starts_at: kept(from, was?.starts_at), ends_at: kept(to, was?.ends_at),
        room: lesson.room.trim(), mode: lesson.mode, hours: lesson.hours,
      } // prettier-ignore
    }),
  }
}

/** Begin and end; an end before the beginning is on the next day. */
export function wallsOf(lesson: LessonForm): { from: string; to: string } {
  const from = `${lesson.day}T${lesson.from}`
  const to = `${lesson.day}T${lesson.to}`
  return { from, to: lesson.to < lesson.from ? addDays(to, 1) : to }
}

function gateOrder(gate: GateForm): Order<'GateOrder'> {
  const { kind } = gate
  if (kind === 'county') return { kind, codes: gate.many }
  if (kind === 'industry' || kind === 'category') return { kind, values: gate.many }
  if (kind === 'node') return { kind, node_id: gate.node ?? undefined }
  if (kind === 'level')
    return {
      kind,
      occupation_code: gate.occupation ?? undefined,
      at_least: gate.level ? Number(gate.level) : undefined,
    }
  return { kind, course_id: gate.course ?? undefined }
}

/** What is missing before it is worth asking the server. */
export function missing(form: ClassForm): string {
  if (!form.course) return '请选课程'
  if (!form.place.trim()) return '请写地点'
  if (!form.opens || !form.closes) return '请定报名时间'
  if (form.lessons.some((lesson) => !lesson.day || !lesson.from || !lesson.to)) return '有课次还没定日期'
  return ''
}

const STARTED = ['running']
const OPENED = ['open', 'full', 'closed', ...STARTED]
const PUBLISHED = ['published', ...OPENED]
const FIXED: Record<string, [states: string[], why: string]> = {
  course: [PUBLISHED, '发布后不能换课程'],
  node: [PUBLISHED, '发布后不能换主办工会'],
  audience: [OPENED, '开始报名后不能改报名条件'],
  opens: [OPENED, '已经开始报名'],
  closes: [OPENED, '开始报名后，在班次页用“延长”“重开”或“提前截止”'],
  rules: [STARTED, '开课后不能改考勤和结业规则'],
}

/** Why a part can no longer be changed, or nothing. The server decides; this spares a try. */
export function fixedBecause(part: keyof typeof FIXED, state: string): string {
  const [states, why] = FIXED[part]!
  return states.includes(state) ? why : ''
}
