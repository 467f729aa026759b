import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { keepPreferencesApplied } from './app/apply-preferences'
import { makeRoomForKeyboard } from './app/keyboard-room'
import { reloadWhenOutdated } from './app/outdated'
import { makeRouter } from './app/routes'
import './styles/main.css'

keepPreferencesApplied()
reloadWhenOutdated()
makeRoomForKeyboard()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App router={makeRouter()} />
  </StrictMode>,
)
