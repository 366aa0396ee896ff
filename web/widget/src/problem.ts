/**
 * Problem is a refusal or failure of one call: an RFC 9457 problem of the gateway, or one of the widget's own codes
 * `network` (no answer came) and `internal` (the answer was no problem document).
 */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status = 0,
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
  const body = (await response.json().catch(() => null)) as { code?: unknown; detail?: unknown } | null
  const code = typeof body?.code === 'string' ? body.code : 'internal'
  const detail = typeof body?.detail === 'string' ? body.detail : response.statusText
  return new Problem(code, detail, response.status)
}
