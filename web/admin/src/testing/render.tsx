import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, configure, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, vi } from 'vitest'
import { App } from '../App'
import { newQueries } from '../queries'
import { newRouter } from '../routes'
import type { Language } from '../text/language'
import { Gateway } from './gateway'

// Screens are loaded when they are opened; on a busy machine that takes its time.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  localStorage.clear()
})

// The mock browser has no fonts; a text field that grows listens for them.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() })

/** open shows the console at a path below /admin, with a mock gateway behind it. */
export function open(path: string, gateway = new Gateway(), language: Language = 'en') {
  vi.stubGlobal('fetch', gateway.fetch)
  const router = newRouter(createMemoryHistory({ initialEntries: [`/admin${path}`] }))
  render(<App router={router} queries={newQueries()} language={language} env="test" />)
  return { gateway, router, user: userEvent.setup(), sent: (method: string) => gateway.calls.filter((call) => call.method === method) }
}
