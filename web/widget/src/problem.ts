/**
 * Problem is a refusal or failure of one call: an RFC 9457 problem of the gateway, or one of the widget's own codes
 * `network` (no answer came) and `internal` (the answer was no problem document).
 */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status = 0,
    /** What is wrong with which field, by the field's name. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
  }

  /** unsettled says that nobody knows whether the call took effect, or that it may work later: the same call may be sent again. */
  get unsettled(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'idempotency_key_in_flight'
  }
}

/** readProblem makes a Problem of an answer that is not a success. */
export async function readProblem(response: Response): Promise<Problem> {
  return problemOf(response.status, await response.json().catch(() => null), response.statusText)
}

interface Document {
  code?: unknown
  detail?: unknown
  errors?: { pointer?: string; detail?: string }[]
}

/** problemOf makes a Problem of a status and the body that came with it, whatever that is. */
export function problemOf(status: number, body: Document | null, fallback: string): Problem {
  const code = typeof body?.code === 'string' ? body.code : 'internal'
  const detail = typeof body?.detail === 'string' ? body.detail : fallback
  const fields: Record<string, string> = {}
  for (const each of body?.errors ?? []) fields[each.pointer?.split('/').pop() ?? ''] = each.detail ?? ''
  return new Problem(code, detail, status, fields)
}
