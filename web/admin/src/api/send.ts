import { Keys } from './idempotency'
import { Problem, type ProblemBody, Unreachable } from './problem'

/** Query is what goes behind the question mark; empty and missing values are left out. */
export type Query = Record<string, string | number | boolean | undefined>

/** Request is one call of the console's API. */
export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** path below /v1/admin, already encoded. */
  path: string
  query?: Query
  body?: unknown
  /** csv is sent instead of a body: a file, as it is. */
  csv?: string
  /** keyless is set for what changes nothing, or is no change of a store: reads in POST form, signing in and out. */
  keyless?: boolean
}

/** Transport is what sending needs from outside. */
export interface Transport {
  fetch: typeof fetch
  /** wait resolves after some milliseconds. */
  wait: (ms: number) => Promise<void>
  keys: Keys
}

const pauses = [300, 1200]

/** sender returns the function that calls the API. An unanswered call is repeated with the same key, then Unreachable. */
export function sender(transport: Transport) {
  return async function send<T>(request: Request): Promise<T> {
    const url = `/v1/admin${request.path}${queryString(request.query)}`
    const body = request.csv ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
    const change = `${request.method} ${url} ${body ?? ''}`
    const headers = new Headers({ Accept: 'application/json' })
    if (body !== undefined) headers.set('Content-Type', request.csv === undefined ? 'application/json' : 'text/csv')
    if (request.method !== 'GET' && !request.keyless) headers.set('Idempotency-Key', transport.keys.of(change))
    const init: RequestInit = { method: request.method, headers, credentials: 'same-origin' }
    if (body !== undefined) init.body = body
    const response = await repeated(transport, url, init)
    const answer = await read(response)
    transport.keys.answered(change)
    if (!response.ok) throw new Problem(problemBody(response.status, answer))
    return answer as T
  }
}

async function repeated(transport: Transport, url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await transport.fetch(url, init)
    } catch (cause) {
      const pause = pauses[attempt]
      if (pause === undefined) throw new Unreachable(cause)
      await transport.wait(pause)
    }
  }
}

async function read(response: Response): Promise<unknown> {
  let text: string
  try {
    text = await response.text()
  } catch (cause) {
    throw new Unreachable(cause)
  }
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page, not the gateway's answer.
    return undefined
  }
}

function problemBody(status: number, answer: unknown): ProblemBody {
  if (typeof answer === 'object' && answer !== null && 'code' in answer) return { status, ...answer } as ProblemBody
  return { status, code: status >= 500 ? 'unavailable' : 'bad_request' }
}

function queryString(query: Query | undefined): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return text && `?${text}`
}

/** send calls the API of the gateway that served the page. */
export const send = sender({
  fetch: (input, init) => fetch(input, init),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  keys: new Keys(),
})
