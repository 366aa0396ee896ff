import { afterEach, describe, expect, it, vi } from 'vitest'
import { clearLog, log, logged, observeUploads, observeWidget, shortened } from './calls'

const call = { method: 'GET', path: '/v1/x', status: 200, ms: 1, request: null, response: null, source: 'shop' as const }

afterEach(() => {
  clearLog()
  vi.unstubAllGlobals()
})

describe('log', () => {
  it('keeps the newest hundred, newest first', () => {
    for (let i = 0; i < 120; i++) log({ ...call, path: `/v1/${i}` })
    expect(logged()).toHaveLength(100)
    expect(logged()[0]?.path).toBe('/v1/119')
  })
})

describe('shortened', () => {
  it('hides tokens, codes and client secrets at any depth', () => {
    const long = 'eyJhbGciOiJFUzI1NiJ9.eyJvZmZlciI6Im9mZl8xIn0.c2lnbmF0dXJl'
    expect(shortened({ token: long, deep: [{ client_secret: 'cs_123456789', code: '123456' }], n: 1 })).toEqual({
      token: 'eyJhbGciOi…dXJl',
      deep: [{ client_secret: 'cs_1…', code: '1234…' }],
      n: 1,
    })
  })

  it('shows the code of a problem', () => {
    expect(shortened({ code: 'code_invalid', detail: 'wrong' })).toEqual({ code: 'code_invalid', detail: 'wrong' })
  })
})

describe('observeWidget', () => {
  it('notes calls to the gateway, leaves them as they are, and ignores others', async () => {
    const original = vi.fn(async () => new Response(JSON.stringify({ client_secret: 'cs_123456789' }), { status: 201 }))
    vi.stubGlobal('fetch', original)
    observeWidget()
    const answer = await fetch('/v1/verifications', { method: 'POST', body: '{"group":"student"}' })
    expect(await answer.json()).toEqual({ client_secret: 'cs_123456789' })
    await fetch('/demo/api/session')
    await vi.waitFor(() => expect(logged()).toHaveLength(1))
    expect(logged()[0]).toMatchObject({
      method: 'POST',
      path: '/v1/verifications',
      status: 201,
      source: 'widget',
      request: { group: 'student' },
      response: { client_secret: 'cs_1…' },
    })
  })

  it('notes a call that got no answer and passes the failure on', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('offline')
    })
    observeWidget()
    await expect(fetch('/v1/storefront')).rejects.toThrow('offline')
    expect(logged()[0]).toMatchObject({ status: 0 })
  })
})

describe('observeUploads', () => {
  it('notes a file that was sent, by its kind and size alone', () => {
    class Sent extends EventTarget {
      status = 201
      responseText = '{"id":"doc_1"}'
      open() {}
      send() {
        this.dispatchEvent(new Event('loadend'))
      }
    }
    vi.stubGlobal('XMLHttpRequest', Sent)
    observeUploads()
    const request = new XMLHttpRequest()
    request.open('POST', '/v1/verifications/ver_1/documents')
    request.send(new File(['1234'], 'ada-lovelace.png', { type: 'image/png' }))
    expect(logged()[0]).toMatchObject({
      method: 'POST',
      path: '/v1/verifications/ver_1/documents',
      status: 201,
      request: { file: 'image/png', bytes: 4 },
      response: { id: 'doc_1' },
    })
  })
})
