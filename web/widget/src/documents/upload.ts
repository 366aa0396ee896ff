import type { Claim } from '../api'
import type { Flow } from '../flow'
import { Problem, problemOf } from '../problem'

/** Upload is one file on its way. */
export interface Upload<T> {
  done: Promise<T>
  stop(): void
}

/** Stopped says that the shopper stopped an upload. */
export class Stopped extends Error {}

/**
 * upload sends a file and tells how much of it went. It takes XMLHttpRequest, as fetch tells nothing about what it sends.
 * `intent` is the idempotency key: the same for another try of the same file. Throws a Problem, or Stopped.
 */
export function upload<T>(flow: Flow, claim: Claim, file: File, intent: string, tell: (share: number) => void): Upload<T> {
  const request = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    request.open('POST', `${flow.around.api.origin}/v1/verifications/${claim.id}/documents`)
    const headers = { ...flow.around.api.headers(claim.secret), 'Idempotency-Key': intent, 'Content-Type': 'application/octet-stream' }
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => tell(total ? loaded / total : 0)
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(problemOf(request.status, body as Parameters<typeof problemOf>[1], request.statusText))
    }
    request.onerror = request.ontimeout = () => reject(new Problem('network', 'no answer came'))
    request.onabort = () => reject(new Stopped())
    request.send(file)
  })
  return { done, stop: () => request.abort() }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
