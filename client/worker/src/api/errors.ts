/** Every way a request can end without what was asked for. Programs look at `code`; people read `detail`. */

export interface Problem {
  status?: number
  code?: string
  detail?: string
  next_step?: string
  details?: Record<string, unknown>
  request_id?: string
}

/** No answer came: whether the server did something is not known. */
export const NO_ANSWER = 'client.no_answer'
/** An answer came that is not ours: a gateway's page, a captive portal. */
export const STRANGE_ANSWER = 'client.strange_answer'

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly next_step: string
  readonly details: Record<string, unknown>
  readonly request_id: string
  /** Seconds the server asks to wait, 0 where it does not say. */
  readonly retry_after: number

  constructor(problem: Problem, retryAfter = 0) {
    super(problem.detail || problem.code || 'error')
    this.name = 'ApiError'
    this.status = problem.status ?? 0
    this.code = problem.code || STRANGE_ANSWER
    this.detail = problem.detail || '服务器没有给出可读的答复'
    this.next_step = problem.next_step ?? ''
    this.details = problem.details ?? {}
    this.request_id = problem.request_id ?? ''
    this.retry_after = retryAfter
  }

  /** Nobody knows whether it was done: only the same request with the same key may follow. */
  get isUnclear(): boolean {
    return this.code === NO_ANSWER || this.code === STRANGE_ANSWER || this.status >= 500
  }

  /** There was no answer at all: most likely no signal. */
  get isOffline(): boolean {
    return this.code === NO_ANSWER
  }

  /** Worth sending again after a moment, with the same key. */
  get isPassing(): boolean {
    return this.isUnclear || this.status === 429 || this.code === 'request.still_running'
  }
}

export function noAnswer(): ApiError {
  return new ApiError({
    code: NO_ANSWER,
    detail: '连不上服务器，可能是信号不好',
    next_step: '请检查网络，稍等一下再试',
  })
}

/** A page was opened without saying of what. */
export function notNamed(): ApiError {
  return new ApiError({
    status: 404,
    code: 'client.not_named',
    detail: '没有打开成功，链接不完整',
    next_step: '请返回，再点一次要看的那一条',
  })
}

export function strangeAnswer(status: number): ApiError {
  return new ApiError({
    status,
    code: STRANGE_ANSWER,
    detail: '服务器暂时没有正常答复',
    next_step: '请稍等一下再试',
  })
}

/** What is thrown, as an ApiError; a fault of our own is not hidden behind a friendly text. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  throw thrown
}
