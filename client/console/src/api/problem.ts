/** What went wrong, as the API tells it (application/problem+json), or as we must say when no answer came. */

export interface Problem {
  code: string
  detail: string
  status: number
  details: Record<string, unknown>
  next_step?: string
  request_id?: string | null
}

export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Record<string, unknown>
  readonly nextStep: string
  readonly requestId: string

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.code = problem.code
    this.status = problem.status
    this.details = problem.details
    this.nextStep = problem.next_step ?? ''
    this.requestId = problem.request_id ?? ''
  }

  /** No answer came: it says nothing about what the server did. */
  get isUnreachable(): boolean {
    return this.status === 0
  }
}

/** What an answer that is not a success says. A proxy's page instead of our envelope still gets a sentence. */
export async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '')
  return new ApiError(parseProblem(text, response.status))
}

export function parseProblem(text: string, status: number): Problem {
  try {
    const body = JSON.parse(text) as Partial<Problem>
    if (typeof body.code === 'string' && typeof body.detail === 'string')
      return { ...body, code: body.code, detail: body.detail, status, details: body.details ?? {} }
  } catch {
    // Not ours: fall through.
  }
  return {
    code: 'client.unreadable',
    detail: `服务器的回答看不懂（${status}）`,
    status,
    details: {},
    next_step: '请稍后再试，还不行请告诉系统管理员',
  }
}

export function unreachable(isWrite: boolean): ApiError {
  return new ApiError({
    code: 'client.unreachable',
    status: 0,
    details: {},
    detail: isWrite ? '没有收到服务器的回答，不确定是否办成' : '没连上服务器',
    next_step: isWrite ? '网络好了再点一次，不会重复办理' : '请检查网络后重试',
  })
}

/** Any thrown thing as an ApiError, so that pages know one kind. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  return new ApiError({
    code: 'client.failed',
    status: -1,
    details: {},
    detail: '页面出错了',
    next_step: `请刷新后再试${thrown instanceof Error ? `（${thrown.message}）` : ''}`,
  })
}
