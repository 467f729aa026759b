import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { keepPreferencesApplied } from './app/apply-preferences'
import { makeRoomForKeyboard } from './app/keyboard-room'
import { reloadWhenOutdated } from './app/outdated'
import { makeRouter } from './app/routes'
import './styles/main.css'

const reload = () => location.reload()

keepPreferencesApplied()
reloadWhenOutdated(reload)
makeRoomForKeyboard()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App router={makeRouter()} />
  </StrictMode>,
)

if (import.meta.env.PROD) {
  // After the first paint: what the worker fetches must not stand in its way.
  addEventListener('load', () => setTimeout(() => void startWorkerLater(), 1_000))
}

async function startWorkerLater(): Promise<void> {
  const updates = await import('./app/updates').catch(() => null)
  // Went offline in this very second: there is nothing to install from until it is back.
  if (!updates) addEventListener('online', () => void startWorkerLater(), { once: true })
  else await updates.startWorker(navigator.serviceWorker, reload)
}
