import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import {
  afterRefusal,
  nextPiece,
  percent,
  PIECE_BYTES,
  sizeText,
  waitingFile,
  wantedPapers,
} from '@/lib/aid-files'
import { useAidFiles } from '@/stores/aid-files'
import { useSession } from '@/stores/session'
import { keepTokens } from '@/api/tokens'
import { problem, server } from './fake'

const kept = new Map<string, Blob>()
vi.mock('@/lib/kept-files', () => ({
  keepFile: async (id: string, file: Blob) => (kept.set(id, file), id),
  keptPiece: async (place: string, start: number, length: number) =>
    kept.get(place)?.slice(start, start + length) ?? null,
  dropFile: async (place: string) => void kept.delete(place),
  dropKeptFiles: async () => kept.clear(),
}))

const CASE = 'c1'
const ROOM = `/api/v1/me/legal-aid/cases/${CASE}/files`
const SIZE = PIECE_BYTES * 2 + 1000

/** The server's side of a file: takes what begins where the last piece ended. */
class Shelf {
  received = 0
  starts: number[] = []
  /** Pieces whose answer is lost, by their order. */
  lost = new Set<number>()
  /** Pieces that never come through. */
  cut = new Set<number>()
  refusal: { status: number; body?: unknown } | null = null

  upload = (options: {
    formData: { start: string }
    files: Array<{ file: Blob }>
    success: (given: { statusCode: number; data: string }) => void
    fail: () => void
  }): void => {
    const start = Number(options.formData.start)
    const count = this.starts.push(start)
    const answer = (status: number, body: unknown) =>
      queueMicrotask(() => options.success({ statusCode: status, data: JSON.stringify(body) }))
    if (this.cut.has(count)) return queueMicrotask(options.fail)
    if (this.refusal) return answer(this.refusal.status, this.refusal.body)
    if (start > this.received)
      return answer(409, { code: 'legal_aid.piece_misplaced', details: { received: this.received } })
    if (start === this.received) this.received += options.files[0].file.size
    if (this.lost.has(count)) return queueMicrotask(options.fail)
    const state = this.received === SIZE ? 'ready' : 'uploading'
    answer(200, { id: 'f1', size: SIZE, received: this.received, state })
  }
}

let shelf: Shelf

beforeEach(() => {
  kept.clear()
  shelf = new Shelf()
  ;(uni as unknown as { uploadFile: unknown }).uploadFile = shelf.upload
  keepTokens({ access_token: 'a', refresh_token: 'r', expires_in: 3600 })
  server.on(`POST ${ROOM}`, () => ({
    status: 201,
    body: { id: 'f1', size: SIZE, received: 0, state: 'uploading' },
  }))
  useSession().me = { person: { id: 7 } } as never
})

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setTimeout(resolve))
}

async function add(): Promise<ReturnType<typeof useAidFiles>> {
  const files = useAidFiles()
  const given = { caseId: CASE, kind: 'paper', paper: 'wages', name: '工资条.jpg', size: SIZE } as const
  await files.add(given, new Blob([new Uint8Array(SIZE)]))
  await settled()
  return files
}

describe('a file under way', () => {
  const file = waitingFile({
    id: 'x',
    caseId: CASE,
    kind: 'paper',
    paper: 'wages',
    name: 'a',
    size: SIZE,
    place: 'x',
  })

  it('goes in pieces of one size, the last one shorter', () => {
    expect(nextPiece(file)).toEqual({ start: 0, length: PIECE_BYTES })
    expect(nextPiece({ ...file, received: PIECE_BYTES * 2 })).toEqual({
      start: PIECE_BYTES * 2,
      length: 1000,
    })
    expect(percent({ ...file, received: PIECE_BYTES })).toBe(49)
    expect(percent({ ...file, received: SIZE })).toBe(99)
    expect(sizeText(2_400_000)).toBe('2.3 MB')
    expect(sizeText(10_500)).toBe('11 KB')
  })

  it('goes on, from the beginning, or not by itself, by what the server says', () => {
    const said = (code: string, status: number, details = {}) =>
      new ApiError({ code, status, detail: 'x', details })
    const begun = { ...file, fileId: 'f1', received: 5 }
    expect(afterRefusal(begun, said('client.no_answer', 0))).toBeNull()
    expect(afterRefusal(begun, said('legal_aid.piece_misplaced', 409, { received: 3 }))?.received).toBe(3)
    const again = afterRefusal(begun, said('legal_aid.file_unknown', 404))
    expect(again).toMatchObject({ fileId: null, received: 0, fault: null })
    expect(again?.key).not.toBe(begun.key)
    expect(afterRefusal(begun, said('legal_aid.file_kind', 422))?.fault?.detail).toBe('x')
  })

  it('marks which of the papers asked for are there, coming, or missing', () => {
    const asked = [
      { paper: 'wages', text: 'a' },
      { paper: 'id_card', text: 'b' },
      { paper: 'contract', text: 'c' },
    ] as const
    const wanted = wantedPapers(
      asked,
      [{ paper: 'wages', state: 'ready' }],
      [
        { paper: 'id_card', fault: null },
        { paper: 'contract', fault: { detail: '', next_step: '' } },
      ],
    )
    expect(wanted.map(({ count, coming }) => [count, coming])).toEqual([[1, 0], [0, 1], [0, 0]]) // prettier-ignore
  })
})

describe('sending', () => {
  it('sends piece after piece and lets go of the file when it is there', async () => {
    const files = await add()
    expect(shelf.starts).toEqual([0, PIECE_BYTES, PIECE_BYTES * 2])
    expect(files.items).toEqual([])
    expect(files.arrivals).toBe(1)
    expect(kept.size).toBe(0)
  })

  it('goes on where it was after the signal was lost and the app closed', async () => {
    shelf.cut.add(2)
    const files = await add()
    expect(files.items).toMatchObject([{ received: PIECE_BYTES, fault: null }])

    setActivePinia(createPinia())
    useSession().me = { person: { id: 7 } } as never
    const opened = useAidFiles()
    await opened.sendAll()
    await settled()
    expect(shelf.starts).toEqual([0, PIECE_BYTES, PIECE_BYTES, PIECE_BYTES * 2])
    expect(server.made(`POST ${ROOM}`)).toHaveLength(1)
    expect(opened.items).toEqual([])
  })

  it('asks where to go on when an answer was lost', async () => {
    shelf.lost.add(1)
    const files = await add()
    expect(files.items).toMatchObject([{ received: 0 }])
    await files.sendAll()
    await settled()
    expect(files.items).toEqual([])
    expect(shelf.received).toBe(SIZE)
  })

  it('takes the server’s word where it has less than the phone thinks', async () => {
    shelf.cut.add(3)
    const files = await add()
    shelf.received = PIECE_BYTES
    await files.sendAll()
    await settled()
    expect(shelf.starts.slice(3)).toEqual([PIECE_BYTES * 2, PIECE_BYTES, PIECE_BYTES * 2])
    expect(files.items).toEqual([])
  })

  it('keeps what was refused with the reason, and sends it no more by itself', async () => {
    shelf.refusal = problem(422, 'legal_aid.file_kind', { next_step: '请拍照上传' }) as never
    const files = await add()
    expect(files.items[0].fault).toEqual({ detail: 'said of legal_aid.file_kind', next_step: '请拍照上传' })
    await files.sendAll()
    expect(shelf.starts).toHaveLength(1)
    await files.remove(files.items[0].id)
    expect(files.items).toEqual([])
    expect(kept.size).toBe(0)
  })

  it('is nobody else’s', async () => {
    shelf.cut.add(1)
    const files = await add()
    useSession().me = { person: { id: 8 } } as never
    await settled()
    expect(files.items).toEqual([])
    useSession().me = { person: { id: 7 } } as never
    await settled()
    expect(shelf.received).toBe(SIZE)
  })

  it('leaves nothing on the phone when she signs out', async () => {
    shelf.cut.add(1)
    await add()
    await useSession().signOut()
    expect(kept.size).toBe(0)
    expect(uni.getStorageInfoSync().keys.filter((key) => key.includes('aid:'))).toEqual([])
  })
})
