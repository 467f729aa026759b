import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router'
import type { CSSProperties } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { usePreferences } from '@/lib/preferences'
import { useShortcut } from '@/lib/shortcuts'
import { HomePane, RightPane, RoomListPane, RoomPane, ViewPane } from '../room-slots'
import { ConnectionBanner } from './connection-banner'
import { PanelResizer } from './panel-resizer'
import { SideFoot } from './side-foot'
import { SideHead } from './side-head'

/**
 * Three panes side by side; on narrow screens a stack of three levels, each one a history entry,
 * so that the phone's own Back is the way back.
 */
export function Shell() {
  const { roomId, view } = useParams({ strict: false })
  const { panel, at } = useSearch({ strict: false })
  const closePanel = useClosePanel(roomId)
  const panelWidth = usePreferences((state) => state.panelWidth)
  const level = panel && roomId ? 'panel' : roomId || view ? 'room' : 'list'
  usePanelShortcut(roomId, panel, closePanel)
  return (
    <div className="flex h-[var(--visible-height,100dvh)] flex-col">
      <a
        href="#room"
        className="sr-only rounded-small bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:z-50 focus:m-2"
      >
        {m.app_skip()}
      </a>
      <ConnectionBanner />
      <div className="relative flex min-h-0 grow">
        <nav
          aria-label={m.app_rooms()}
          data-landmark
          tabIndex={-1}
          className={cx(
            'min-h-0 w-full shrink-0 flex-col bg-sunken outline-none [--under:var(--paper-sunken)] wide:flex wide:w-68 wide:border-e wide:border-line',
            level === 'list' ? 'flex' : 'hidden',
          )}
        >
          <SideHead />
          <div className="flex min-h-0 grow flex-col">
            <RoomListPane roomId={roomId ?? null} />
          </div>
          <SideFoot />
        </nav>
        <main
          id="room"
          aria-label={m.app_room()}
          data-landmark
          tabIndex={-1}
          className={cx(
            'min-h-0 min-w-0 grow flex-col outline-none wide:flex',
            level === 'room' ? 'flex' : 'hidden',
          )}
        >
          {roomId ? (
            <RoomPane key={roomId} roomId={roomId} panel={panel} at={at} />
          ) : view ? (
            <ViewPane key={view} view={view} />
          ) : (
            <HomePane />
          )}
        </main>
        {level === 'panel' && roomId && panel && (
          <aside
            aria-label={m.app_details()}
            data-landmark
            tabIndex={-1}
            style={{ '--panel': `${panelWidth}px` } as CSSProperties}
            className="flex min-h-0 w-full shrink-0 animate-from-end flex-col bg-paper outline-none wide:absolute wide:inset-y-0 wide:end-0 wide:z-20 wide:w-(--panel) wide:border-s wide:border-line wide:shadow-high desk:relative desk:z-0 desk:shadow-none"
          >
            <PanelResizer />
            <RightPane roomId={roomId} panel={panel} at={at} close={closePanel} />
          </aside>
        )}
      </div>
    </div>
  )
}

/** Steps back where the panel is a step of its own, else takes it off the address. */
function useClosePanel(roomId: string | undefined) {
  const router = useRouter()
  const navigate = useNavigate()
  return () => {
    if (!roomId) return
    const narrow = !matchMedia('(min-width: 48.0625rem)').matches
    if (narrow && router.history.canGoBack()) router.history.back()
    else void navigate({ to: '/rooms/$roomId', params: { roomId }, search: {} })
  }
}

function usePanelShortcut(
  roomId: string | undefined,
  panel: string | undefined,
  close: () => void,
): void {
  const navigate = useNavigate()
  useShortcut({
    id: 'app.panel',
    keys: ['Mod+.'],
    scope: 'room',
    label: m.app_shortcut_panel,
    run: () => {
      if (!roomId) return false
      if (panel) close()
      else void navigate({ to: '/rooms/$roomId', params: { roomId }, search: { panel: 'members' } })
      return true
    },
  })
}
