import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { shareNonce } from './nonce'
import { newQueries } from './queries'
import { newRouter } from './routes'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root element')

shareNonce()
createRoot(root).render(
  <StrictMode>
    <App router={newRouter()} queries={newQueries()} />
  </StrictMode>,
)
