// The server, the phone's storage and its clock, as tests see them.
import { vi } from 'vitest'

export interface Call {
  method: string
  url: string
  header: Record<string, string>
  data: unknown
}
interface Success {
  statusCode: number
  data: unknown
  header: Record<string, string>
}
type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | 'lost'
type Handler = (call: Call) => Reply | Promise<Reply>

export const storage = new Map<string, unknown>()

class FakeServer {
  calls: Call[] = []
  private handlers: Array<{ method: string; pattern: RegExp; handler: Handler }> = []

  reset(): void {
    this.calls = []
    this.handlers = []
  }

  /** Answer requests like `POST /api/v1/...`; the latest rule that fits counts. */
  on(rule: string, handler: Handler): void {
    const [method, path] = rule.split(' ')
    const pattern = new RegExp(`^${path.replace(/\*/g, '[^/?]+')}(\\?.*)?$`)
    this.handlers.unshift({ method, pattern, handler })
  }

  made(rule: string): Call[] {
    const [method, path] = rule.split(' ')
    return this.calls.filter((call) => call.method === method && call.url.split('?')[0] === path)
  }

  request = (options: {
    url: string
    method?: string
    header?: Record<string, string>
    data?: unknown
    success: (given: Success) => void
    fail: (error: { errMsg: string }) => void
  }): void => {
    const call: Call = {
      method: options.method ?? 'GET',
      url: options.url,
      header: options.header ?? {},
      data: options.data,
    }
    this.calls.push(call)
    const found = this.handlers.find(
      ({ method, pattern }) => method === call.method && pattern.test(call.url),
    )
    void Promise.resolve(found ? found.handler(call) : 'lost').then((reply) => {
      if (reply === 'lost') options.fail({ errMsg: 'request:fail' })
      else
        options.success({ statusCode: reply.status, data: reply.body ?? null, header: reply.headers ?? {} })
    })
  }
}

export const server = new FakeServer()

export function problem(status: number, code: string, more: Record<string, unknown> = {}): Reply {
  return {
    status,
    body: { status, code, detail: `said of ${code}`, details: {}, request_id: 'r-1', ...more },
  }
}

/** Let time pass, as fast as can be, until the promise is settled. */
export async function passing<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = (): void => {
    isSettled = true
  }
  promise.then(settled, settled)
  for (let step = 0; step < 20_000 && !isSettled; step++) await vi.advanceTimersByTimeAsync(20)
  if (!isSettled) throw new Error('not settled within 400 seconds')
  return promise
}
