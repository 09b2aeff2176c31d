/** Papers and recordings on their way: kept on the phone at once, sent piece by piece when there is signal.
 *
 * They belong to who chose them and outlive a closed app: what remains is sent when it is opened again. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { call } from '@/api/client'
import { asApiError, ApiError } from '@/api/errors'
import { sendPiece } from '@/api/upload'
import {
  afterRefusal, MOST_BYTES, nextPiece, waitingFile, type FileKind, type Paper, type WaitingFile,
} from '@/lib/aid-files' // prettier-ignore
import { dropFile, keepFile, keptPiece, type Chosen } from '@/lib/kept-files'
import { newKey } from '@/lib/keys'
import { drop, keep, recall } from '@/lib/storage'
import { useNetwork } from './network'
import { useSession } from './session'

const AGAIN_MS = 8000
const FILES = '/api/v1/me/legal-aid/cases/{case_id}/files'

export const useAidFiles = defineStore('aid-files', () => {
  const session = useSession()
  const network = useNetwork()
  const items = ref<WaitingFile[]>([])
  /** The file on the wire, and how many bytes of its piece have left. */
  const sending = ref<{ id: string; bytes: number } | null>(null)
  /** Grows with every file that has arrived: who shows a case's files looks again. */
  const arrivals = ref(0)

  const owner = computed(() => session.me?.person.id ?? null)

  function load(): void {
    items.value = owner.value === null ? [] : (recall<WaitingFile[]>(`aid:files:${owner.value}`) ?? [])
  }

  // What is kept is read again before each change: another tab may have added to it.
  function change(step: (files: WaitingFile[]) => WaitingFile[]): void {
    if (owner.value === null) return
    const key = `aid:files:${owner.value}`
    const next = step(recall<WaitingFile[]>(key) ?? [])
    if (next.length) keep(key, next)
    else drop(key)
    items.value = next
  }

  function put(file: WaitingFile): void {
    change((files) => files.map((each) => (each.id === file.id ? file : each)))
  }

  function ofCase(caseId: string): WaitingFile[] {
    return items.value.filter((each) => each.caseId === caseId)
  }

  /** Keep a file and send it as soon as that is possible. Throws ApiError where the phone or the server has no room. */
  async function add(
    given: { caseId: string; kind: FileKind; paper: Paper; name: string; size: number },
    chosen: Chosen,
  ): Promise<void> {
    if (given.size > MOST_BYTES)
      throw new ApiError({
        code: 'client.too_large',
        detail: '文件太大，一个不能超过20MB',
        next_step: '请拍照上传',
      })
    const id = newKey()
    let place: string
    try {
      place = await keepFile(id, chosen)
    } catch {
      throw new ApiError({
        code: 'client.phone_full',
        detail: '手机存不下这个文件了',
        next_step: '请清理一些空间再试',
      })
    }
    change((files) => [...files, waitingFile({ ...given, id, place })])
    void sendAll()
  }

  /** Take out one that is not there yet; what the server has of it goes by itself. */
  async function remove(id: string): Promise<void> {
    const found = items.value.find((each) => each.id === id)
    change((files) => files.filter((each) => each.id !== id))
    if (found) await dropFile(found.place)
    if (found?.fileId) await takeOut(found.fileId).catch(asApiError)
  }

  /** Take out one that is there. Throws ApiError. */
  async function takeOut(fileId: string): Promise<void> {
    await call('delete', '/api/v1/me/legal-aid/files/{file_id}', { path: { file_id: fileId } })
    arrivals.value += 1
  }

  /** Try again one that was refused. */
  function again(id: string): void {
    change((files) => files.map((each) => (each.id === id ? { ...each, fault: null } : each)))
    void sendAll()
  }

  /** Send what waits, one file after the other; stops where there is no signal. */
  async function sendAll(): Promise<void> {
    if (sending.value) return
    for (let next = waiting(); next && session.isSignedIn; next = waiting()) {
      sending.value = { id: next.id, bytes: 0 }
      try {
        await step(next)
      } catch (thrown) {
        const after = afterRefusal(next, asApiError(thrown))
        if (!after) break
        put(after)
      } finally {
        sending.value = null
      }
    }
  }

  function waiting(): WaitingFile | undefined {
    return items.value.find((each) => !each.fault)
  }

  /** Make room for the file, or send its next piece. */
  async function step(file: WaitingFile): Promise<void> {
    if (!file.fileId) {
      const { kind, paper, name, size, key } = file
      const made = await call('post', FILES, {
        path: { case_id: file.caseId },
        body: { kind, paper, name, size },
        key,
        retries: 0,
      })
      put({ ...file, fileId: made.id, received: made.received })
      return
    }
    const { start, length } = nextPiece(file)
    const piece = await keptPiece(file.place, start, length)
    if (piece === null) {
      put({ ...file, fault: { detail: '手机上找不到这个文件了', next_step: '请删掉，重新拍照上传' } })
      return
    }
    const now = await sendPiece(file.fileId, start, piece, (bytes) => {
      if (sending.value?.id === file.id) sending.value = { id: file.id, bytes: Math.min(bytes, length) }
    })
    if (now.state === 'uploading') put({ ...file, received: now.received })
    else {
      change((files) => files.filter((each) => each.id !== file.id))
      await dropFile(file.place)
      arrivals.value += 1
    }
  }

  load()
  watch(owner, () => {
    load()
    void sendAll()
  })
  watch(
    () => network.isOnline,
    (isOnline) => isOnline && void sendAll(),
  )
  // The sign of a connection is not to be trusted in the hills: what waits is tried now and then in any case.
  setInterval(() => waiting() && void sendAll(), AGAIN_MS)

  return { items, sending, arrivals, ofCase, add, remove, takeOut, again, sendAll }
})
