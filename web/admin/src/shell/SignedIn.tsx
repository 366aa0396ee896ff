import { Center, Loader } from '@mantine/core'
import { Outlet, useParams } from '@tanstack/react-router'
import { Suspense, lazy } from 'react'
import { Loading } from '../parts/Loading'
import { ProblemAlert } from '../parts/ProblemAlert'
import { Frame } from './Frame'
import { StoreMenu } from './StoreMenu'
import { useSession } from './session'

const FirstPassword = lazy(async () => ({ default: (await import('../screens/session/FirstPassword')).FirstPassword }))
const SignIn = lazy(async () => ({ default: (await import('../screens/session/SignIn')).SignIn }))

/** SignedIn shows the screens to who is signed in, and the sign-in to everybody else, at the same address. */
export function SignedIn() {
  const session = useSession()
  const { store } = useParams({ strict: false })
  const waiting = (
    <Center component="main" h="100vh">
      {session.error ? <ProblemAlert error={session.error} reload={() => void session.refetch()} /> : <Loader />}
    </Center>
  )
  if (session.data === undefined) return waiting
  if (session.data === null || session.data.person.must_change_password) {
    return <Suspense fallback={waiting}>{session.data === null ? <SignIn /> : <FirstPassword />}</Suspense>
  }
  return (
    <Frame session={session.data} {...(store ? { store, menu: (close: () => void) => <StoreMenu store={store} onFollow={close} /> } : {})}>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </Frame>
  )
}
