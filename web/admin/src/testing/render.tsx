import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, vi } from 'vitest'
import { App } from '../App'
import { newQueries } from '../queries'
import { newRouter } from '../routes'
import type { Language } from '../text/language'
import { Gateway } from './gateway'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  localStorage.clear()
})

/** open shows the console at a path below /admin, with a mock gateway behind it. */
export function open(path: string, gateway = new Gateway(), language: Language = 'en') {
  vi.stubGlobal('fetch', gateway.fetch)
  const router = newRouter(createMemoryHistory({ initialEntries: [`/admin${path}`] }))
  render(<App router={router} queries={newQueries()} language={language} env="test" />)
  return { gateway, router, user: userEvent.setup(), sent: (method: string) => gateway.calls.filter((call) => call.method === method) }
}
