/** Call is one request to the gateway, as the panel shows it. */
export interface Call {
  method: string
  path: string
  status: number
  ms: number
  request: unknown
  response: unknown
}

/** Logged is a call and who made it. */
export interface Logged extends Call {
  id: number
  source: 'shop' | 'widget'
}

const mostCalls = 100
const calls: Logged[] = []
const listeners: (() => void)[] = []
let count = 0

/** logged lists the calls, newest first. */
export function logged(): readonly Logged[] {
  return calls
}

/** onLog calls back after every change of the list. */
export function onLog(listener: () => void): void {
  listeners.push(listener)
}

export function log(call: Call & Pick<Logged, 'source'>): void {
  calls.unshift({ ...call, id: ++count })
  calls.length = Math.min(calls.length, mostCalls)
  for (const listener of listeners) listener()
}

export function clearLog(): void {
  calls.length = 0
  for (const listener of listeners) listener()
}

/** observeWidget notes the calls that the widget makes from this page, without changing them. */
export function observeWidget(): void {
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), location.href)
    if (!url.pathname.startsWith('/v1/')) return original(input, init)
    const began = performance.now()
    const call = { method: init?.method ?? 'GET', path: url.pathname + url.search, request: shortened(parsed(init?.body)) }
    try {
      const response = await original(input, init)
      const ms = Math.round(performance.now() - began)
      void response
        .clone()
        .json()
        .catch(() => null)
        .then((body) => log({ ...call, status: response.status, ms, response: shortened(body), source: 'widget' }))
      return response
    } catch (error) {
      log({ ...call, status: 0, ms: Math.round(performance.now() - began), response: null, source: 'widget' })
      throw error
    }
  }
}

/** observeUploads notes the files that the widget sends: those do not go by fetch, which tells no progress. */
export function observeUploads(): void {
  globalThis.XMLHttpRequest = class extends XMLHttpRequest {
    #call = { method: '', path: '' }

    override open(method: string, url: string | URL): void {
      const { pathname, search } = new URL(String(url), location.href)
      this.#call = { method, path: pathname + search }
      super.open(method, url)
    }

    override send(body?: XMLHttpRequestBodyInit): void {
      const began = performance.now()
      const request = body instanceof File ? { file: body.type, bytes: body.size } : null
      this.addEventListener('loadend', () => {
        const ms = Math.round(performance.now() - began)
        log({ ...this.#call, status: this.status, ms, request, response: shortened(answered(this.responseText)), source: 'widget' })
      })
      super.send(body)
    }
  }
}

/** What came back, when it is what the gateway sends. */
function answered(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function parsed(body: unknown): unknown {
  return typeof body === 'string' ? JSON.parse(body) : null
}

const secrets = new Set(['token', 'client_secret', 'code'])

/** shortened hides the middle of secrets; the code of a problem is a name, not a secret. */
export function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortened)
  if (value === null || typeof value !== 'object') return value
  const isProblem = 'detail' in value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' && secrets.has(name) && !isProblem ? hidden(member) : shortened(member),
    ]),
  )
}

function hidden(secret: string): string {
  return secret.length > 24 ? `${secret.slice(0, 10)}…${secret.slice(-4)}` : `${secret.slice(0, 4)}…`
}
