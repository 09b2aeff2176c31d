/** One request on the wire, by uni.request: the same in a browser and in WeChat, which knows no fetch. */
import { ApiError, noAnswer, strangeAnswer, type Problem } from './errors'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface Sent {
  method: Method
  url: string
  headers: Record<string, string>
  body?: unknown
  timeout: number
}

export interface Answer {
  status: number
  body: unknown
  headers: Record<string, string>
  /** When it was sent and when the answer came, by the phone's clock. */
  sentAt: number
  answeredAt: number
}

type Listener = (answer: Answer) => void
const listeners: Listener[] = []

/** Look at every answer, e.g. to learn the server's time. */
export function onAnswer(listener: Listener): void {
  listeners.push(listener)
}

export function apiBase(): string {
  // #ifdef MP-WEIXIN
  return import.meta.env.VITE_API_BASE ?? 'http://127.0.0.1:8000'
  // #endif
  // #ifndef MP-WEIXIN
  return ''
  // #endif
}

/** The answer with a status below 400. Throws ApiError: the server's refusal, or that no answer came. */
export function send(sent: Sent): Promise<Answer> {
  const sentAt = Date.now()
  return new Promise<Answer>((resolve, reject) => {
    uni.request({
      url: apiBase() + sent.url,
      method: sent.method,
      header: sent.headers,
      data: sent.body as AnyObject | undefined,
      timeout: sent.timeout,
      success: (given) => {
        const answer: Answer = {
          status: given.statusCode,
          body: given.data,
          headers: lowered(given.header),
          sentAt,
          answeredAt: Date.now(),
        }
        for (const listener of listeners) listener(answer)
        if (isGood(answer)) resolve(answer)
        else reject(refusal(answer))
      },
      fail: () => reject(noAnswer()),
    })
  })
}

export function isGood(answer: Pick<Answer, 'status'>): boolean {
  return answer.status >= 200 && answer.status < 300
}

/** What an answer that is not good says. */
export function refusal(answer: Pick<Answer, 'status' | 'body' | 'headers'>): ApiError {
  const problem = answer.body as Problem | null
  if (answer.status === 0) return noAnswer()
  if (!problem || typeof problem !== 'object' || typeof problem.code !== 'string')
    return strangeAnswer(answer.status)
  const wait = Number(answer.headers['retry-after'])
  return new ApiError({ ...problem, status: answer.status }, Number.isFinite(wait) ? wait : 0)
}

function lowered(header: unknown): Record<string, string> {
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries((header ?? {}) as Record<string, unknown>))
    known[name.toLowerCase()] = String(value)
  return known
}
