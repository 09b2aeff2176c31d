/** A piece of a file on the wire: the one request that is no JSON. */
import type { Chosen } from '@/lib/kept-files'
import type { View } from './types'
import { authorised } from './client'
import { noAnswer } from './errors'
import { apiBase, isGood, refusal, type Answer } from './transport'

export type FileProgress = View<'FileProgressView'>

const LONGEST_MS = 60_000

/** How far the file has come with this piece. `onSent` is told how many bytes of it have left. Throws ApiError. */
export async function sendPiece(
  fileId: string,
  start: number,
  piece: Chosen,
  onSent: (bytes: number) => void,
): Promise<FileProgress> {
  const answer = await authorised((bearer) => post(fileId, start, piece, bearer, onSent))
  return answer.body as FileProgress
}

function post(
  fileId: string,
  start: number,
  piece: Chosen,
  header: Record<string, string>,
  onSent: (bytes: number) => void,
): Promise<Answer> {
  const sentAt = Date.now()
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: `${apiBase()}/api/v1/me/legal-aid/files/${fileId}/pieces`,
      header,
      formData: { start: String(start) },
      timeout: LONGEST_MS,
      // #ifdef H5
      files: [{ name: 'piece', file: piece as File }],
      // #endif
      // #ifdef MP-WEIXIN
      name: 'piece',
      filePath: piece as string,
      // #endif
      success: ({ statusCode, data }) => {
        const answer = { status: statusCode, body: parsed(data), headers: {}, sentAt, answeredAt: Date.now() }
        if (isGood(answer)) resolve(answer)
        else reject(refusal(answer))
      },
      fail: () => reject(noAnswer()),
    })
    task?.onProgressUpdate?.(({ totalBytesSent }) => onSent(totalBytesSent))
  })
}

/** WeChat hands every answer to an upload over as text. */
function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}
