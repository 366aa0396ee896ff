/** FieldError is one wrong part of a request, by JSON pointer in URI fragment form (RFC 6901). */
export interface FieldError {
  pointer: string
  detail: string
}

/** ProblemBody is a problem document (RFC 9457) as the gateway writes it. */
export interface ProblemBody {
  type?: string
  title?: string
  status: number
  code: string
  detail?: string
  errors?: FieldError[] | null
  request_id?: string
}

/** Problem is an answer that refuses: it carries the problem document's stable code and its wrong parts. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: FieldError[]
  readonly requestId: string

  constructor(body: ProblemBody) {
    super(body.detail || body.title || body.code)
    this.name = 'Problem'
    this.status = body.status
    this.code = body.code
    this.title = body.title ?? ''
    this.detail = body.detail ?? ''
    this.errors = body.errors ?? []
    this.requestId = body.request_id ?? ''
  }
}

/** Unreachable says that no answer came: nobody knows whether the request was carried out. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the gateway did not answer', { cause })
    this.name = 'Unreachable'
  }
}

/** isProblem tells whether error is a problem with one of the codes, or any problem when none is given. */
export function isProblem(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code))
}

/** pointerPath turns "#/benefit/amount" into "benefit.amount", the way forms name their fields. */
export function pointerPath(pointer: string): string {
  return pointer
    .replace(/^#?\/?/, '')
    .split('/')
    .map((part) => decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~'))
    .join('.')
}
