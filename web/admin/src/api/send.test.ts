import { describe, expect, it, vi } from 'vitest'
import { Keys } from './idempotency'
import { Problem, Unreachable } from './problem'
import { sender } from './send'

function harness(...answers: (Response | Error)[]) {
  const sent: { url: string; key: string | null }[] = []
  const wait = vi.fn(async () => undefined)
  let next = 0
  const fetch = async (url: string | URL | globalThis.Request, init?: RequestInit) => {
    sent.push({ url: String(url), key: new Headers(init?.headers).get('Idempotency-Key') })
    const answer = answers.shift()
    if (!answer || answer instanceof Error) throw answer ?? new Error('no answer left')
    return answer
  }
  return { sent, wait, send: sender({ fetch, wait, keys: new Keys(() => `key-${++next}`) }) }
}

const ok = () => new Response('{"id":"off_1"}', { status: 200 })
const change = { method: 'POST', path: '/stores/s/offers', body: { name: 'A' } } as const

describe('send', () => {
  it('sends a fresh key with every change', async () => {
    const { send, sent } = harness(ok(), ok())
    await send(change)
    await send(change)
    expect(sent.map((s) => s.key)).toEqual(['key-1', 'key-2'])
  })

  it('keeps the key when the network fails, also over several presses of the button', async () => {
    const down = new TypeError('network')
    const { send, sent, wait } = harness(down, down, down, down, ok())
    await expect(send(change)).rejects.toBeInstanceOf(Unreachable)
    await send(change)
    expect(new Set(sent.map((s) => s.key))).toEqual(new Set(['key-1']))
    expect(wait).toHaveBeenCalledTimes(3)
  })

  it('takes another key for another body', async () => {
    const down = new TypeError('network')
    const { send, sent } = harness(down, down, down, ok())
    await expect(send(change)).rejects.toBeInstanceOf(Unreachable)
    await send({ ...change, body: { name: 'B' } })
    expect(sent.at(-1)?.key).toBe('key-2')
  })

  it('sends no key with reads', async () => {
    const { send, sent } = harness(ok(), ok())
    await send({ method: 'GET', path: '/stores', query: { limit: 5, q: '', cursor: undefined } })
    await send({ method: 'POST', path: '/stores/s/policies/check', body: {}, keyless: true })
    expect(sent).toEqual([
      { url: '/v1/admin/stores?limit=5', key: null },
      { url: '/v1/admin/stores/s/policies/check', key: null },
    ])
  })

  it('throws the problem document', async () => {
    const body = { status: 422, code: 'invalid', detail: 'no', errors: [{ pointer: '#/name', detail: 'is empty' }], request_id: 'r1' }
    const { send } = harness(new Response(JSON.stringify(body), { status: 422 }))
    const problem = await send(change).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ code: 'invalid', detail: 'no', requestId: 'r1', errors: body.errors })
  })

  it('survives an answer that is no problem document', async () => {
    const { send } = harness(new Response('<html>', { status: 502 }))
    await expect(send(change)).rejects.toMatchObject({ status: 502, code: 'unavailable' })
  })
})
