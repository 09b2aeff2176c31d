/** Files of a case that wait on the phone to be sent. Pure; the store sends them and keeps the outcome. */
import type { View } from '@/api/types'
import type { ApiError } from '@/api/errors'
import { newKey } from './keys'

export type AidFile = View<'AidFileView'>
export type Paper = AidFile['paper']
export type FileKind = 'paper' | 'voice'

export interface WaitingFile {
  id: string
  caseId: string
  kind: FileKind
  paper: Paper
  name: string
  size: number
  /** Where its bytes are kept. */
  place: string
  /** Key of the request that makes room for it: sent again, it makes room once. */
  key: string
  /** The server's name for it, once there is room. */
  fileId: string | null
  /** How many bytes the server has. */
  received: number
  /** Why it is not sent by itself any more. */
  fault: { detail: string; next_step: string } | null
}

/** The server takes 512 KB at once; on a weak signal half of that is lost less often. */
export const PIECE_BYTES = 256 * 1024
export const MOST_BYTES = 20 * 1024 * 1024

export function waitingFile(
  given: Pick<WaitingFile, 'caseId' | 'kind' | 'paper' | 'name' | 'size' | 'place' | 'id'>,
): WaitingFile {
  return { ...given, key: newKey(), fileId: null, received: 0, fault: null }
}

/** The next piece of it: where it begins and how long it is. */
export function nextPiece(file: Pick<WaitingFile, 'received' | 'size'>): { start: number; length: number } {
  return { start: file.received, length: Math.min(PIECE_BYTES, file.size - file.received) }
}

/** `63`: how much of it has been sent, in percent; 100 is not said before it is there. */
export function percent(file: Pick<WaitingFile, 'received' | 'size'>, underWay = 0): number {
  return Math.min(99, Math.floor(((file.received + underWay) / file.size) * 100))
}

/** The file after a refusal: where to go on, from the beginning, or not by itself. Null: unchanged, to be tried later. */
export function afterRefusal(file: WaitingFile, refusal: ApiError): WaitingFile | null {
  if (refusal.isPassing || refusal.status === 401) return null
  if (refusal.code === 'legal_aid.piece_misplaced' && typeof refusal.details.received === 'number')
    return { ...file, received: refusal.details.received }
  // The server gave it up, because its pieces stopped coming for days: all over again.
  if (refusal.code === 'legal_aid.file_unknown' && file.fileId)
    return { ...file, key: newKey(), fileId: null, received: 0 }
  return { ...file, fault: { detail: refusal.detail, next_step: refusal.next_step } }
}

/** `1.2 MB`, `380 KB`. */
export function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`
}

export interface Wanted {
  paper: Paper
  text: string
  /** How many of it are there, and how many on their way. */
  count: number
  coming: number
}

/** The papers that were asked for, each with how many of it there are. */
export function wantedPapers(
  asked: ReadonlyArray<{ paper: Paper; text: string }>,
  there: ReadonlyArray<Pick<AidFile, 'paper' | 'state'>>,
  waiting: ReadonlyArray<Pick<WaitingFile, 'paper' | 'fault'>>,
): Wanted[] {
  return asked.map(({ paper, text }) => ({
    paper,
    text,
    count: there.filter((each) => each.paper === paper && each.state === 'ready').length,
    coming: waiting.filter((each) => each.paper === paper && !each.fault).length,
  }))
}
