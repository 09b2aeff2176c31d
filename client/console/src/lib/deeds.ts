/** What can be done with a class in which state. The server decides; this says which buttons make sense. */

export type Deed =
  | 'change' | 'publish' | 'discard' | 'copy' | 'cancel' | 'pause' | 'resume' | 'extend' | 'close' | 'reopen' | 'poster' | 'book' // prettier-ignore

const IN_STATE: Record<string, Deed[]> = {
  draft: ['change', 'publish', 'discard', 'copy'],
  published: ['change', 'copy', 'cancel', 'pause', 'extend', 'poster'],
  open: ['change', 'copy', 'cancel', 'pause', 'extend', 'close', 'poster', 'book'],
  full: ['change', 'copy', 'cancel', 'pause', 'extend', 'close', 'poster', 'book'],
  closed: ['change', 'copy', 'cancel', 'reopen', 'poster'],
  running: ['change', 'copy', 'cancel', 'poster'],
  finished: ['copy'],
  cancelled: ['copy'],
}

const OPERATIONS: Record<Deed, string> = {
  change: 'change_class',
  publish: 'publish_class',
  discard: 'discard_class',
  copy: 'copy_class',
  cancel: 'cancel_class',
  pause: 'pause_window',
  resume: 'resume_window',
  extend: 'extend_window',
  close: 'close_window',
  reopen: 'reopen_window',
  poster: 'print_poster',
  book: 'book_place_for',
}

export function deedsOf(state: string, isPaused: boolean, may: (operation: string) => boolean): Set<Deed> {
  const deeds = (IN_STATE[state] ?? []).map((deed): Deed => (deed === 'pause' && isPaused ? 'resume' : deed))
  return new Set(deeds.filter((deed) => may(OPERATIONS[deed])))
}

export interface Held {
  counts: { booked: number; offered: number; waitlisted: number }
  trainers: readonly unknown[]
}

/** Whom a cancellation reaches, told before it is done. */
export function causedByCancelling({ counts, trainers }: Held): string[] {
  const lines = []
  if (counts.booked) lines.push(`${counts.booked} 位已报名的人会收到取消通知和原因，名额作废`)
  if (counts.offered) lines.push(`${counts.offered} 位等着确认递补的人会收到通知，不能再确认`)
  if (counts.waitlisted) lines.push(`${counts.waitlisted} 位候补的人会收到通知，候补作废`)
  if (trainers.length) lines.push(`${trainers.length} 位教师会收到通知`)
  if (!counts.booked && !counts.offered && !counts.waitlisted) lines.unshift('还没有人报名')
  return lines
}
