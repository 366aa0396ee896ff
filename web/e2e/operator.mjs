// The demo's operator over the admin API.
import { randomUUID } from 'node:crypto'

/** operator signs in and returns a function that asks the admin API and fails on any refusal. */
export async function operator({ origin, config }) {
  const signIn = await fetch(`${origin}/v1/admin/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(config.admin),
  })
  if (!signIn.ok) throw new Error(`sign in: ${signIn.status} ${await signIn.text()}`)
  const [cookie] = signIn.headers.getSetCookie()[0].split(';')
  return async (method, path, body) => {
    const response = await fetch(`${origin}/v1/admin${path}`, {
      method,
      headers: { Cookie: cookie, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
      body: body && JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : response.json()
  }
}
