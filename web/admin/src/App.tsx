import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { styleNonce } from './nonce'
import type { newRouter } from './routes'
import { type Language, LanguageProvider } from './text/language'
import { theme, variables } from './theme'

interface AppProps {
  router: ReturnType<typeof newRouter>
  queries: QueryClient
  language?: Language
  /** env is "test" in tests: no transitions, no portals. */
  env?: 'test'
}

/** App is the console: look, language, what was read, and the screens. */
export function App({ router, queries, language, env }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={styleNonce} env={env ?? 'default'}>
      <LanguageProvider {...(language ? { initial: language } : {})}>
        <QueryClientProvider client={queries}>
          <Notifications position="top-center" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  )
}
