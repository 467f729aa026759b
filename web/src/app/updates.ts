import { m } from '@/i18n/paraglide/messages.js'
import { useConnection } from '@/lib/connection'
import { toast } from '@/ui/toasts'

/** Who looks away for a moment comes back to the line they were reading. */
const AWAY_MS = 60_000
const OFFERED_MS = 20_000
const ASK_EVERY_MS = 3_600_000

/**
 * Starts the service worker and, when a new build has arrived, offers it: by a notice at once, by
 * itself once nobody looks and nothing waits to be sent. Does nothing where there are no workers,
 * which is any plain http address but localhost.
 */
export async function startWorker(
  container: ServiceWorkerContainer | undefined,
  reload: () => void,
): Promise<void> {
  if (!container) return
  // The first worker takes over a page of its own build; only the next ones bring news.
  let controlled = container.controller !== null
  let registration: ServiceWorkerRegistration
  try {
    registration = await container.register(ownScript('/sw.js'), { updateViaCache: 'none' })
  } catch {
    // Refused by a setting of the browser, or the server is away: the page works without.
    return
  }
  let taken = false
  const update = whenNobodyMinds(() => {
    // Another tab let it in already: what is left is to open the new page.
    if (!registration.waiting) return reload()
    taken = true
    registration.waiting.postMessage('take-over')
  })
  container.addEventListener('controllerchange', () => {
    if (taken) reload()
    else if (controlled) update.offer()
    controlled = true
  })
  const watch = (worker: ServiceWorker | null) =>
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && container.controller) update.offer()
    })
  if (registration.waiting && container.controller) update.offer()
  watch(registration.installing)
  registration.addEventListener('updatefound', () => watch(registration.installing))
  askNowAndThen(() => registration.update())
}

/** `run`, at the press of a button or once the page has been out of sight for a while and is idle. */
function whenNobodyMinds(run: () => void): { offer(): void } {
  let waiting = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(timer)
    if (!waiting || document.visibilityState !== 'hidden') return
    timer = setTimeout(() => (isIdle() ? run() : look()), AWAY_MS)
  }
  document.addEventListener('visibilitychange', look)
  return {
    offer: () => {
      if (waiting) return
      waiting = true
      toast(m.app_update_ready(), {
        action: { label: m.app_update_action(), run },
        lasts: OFFERED_MS,
      })
      look()
    },
  }
}

/** Drafts and the outbox survive a reload; a half-filled form does not. */
function isIdle(): boolean {
  const writing = document.activeElement instanceof HTMLInputElement
  const asked = document.querySelector('dialog[open]') !== null
  return useConnection.getState().queued === 0 && !writing && !asked
}

/** The browser looks for a new worker only when a page is opened, and ours stays open for days. */
function askNowAndThen(ask: () => Promise<unknown>): void {
  let askedAt = Date.now()
  const again = () => {
    askedAt = Date.now()
    ask().catch(() => undefined)
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() - askedAt > ASK_EVERY_MS) again()
  })
  // A server that was away may have come back as another.
  useConnection.subscribe((now, before) => {
    if (now.state === 'online' && before.state !== 'online') again()
  })
}

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (path: string) => string },
  ): { createScriptURL: (path: string) => string }
}

/** The Content-Security-Policy lets only this policy name scripts, and this one names one script. */
function ownScript(path: '/sw.js'): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies }
  const policy = trustedTypes?.createPolicy('tertulia-worker', { createScriptURL: () => path })
  return policy?.createScriptURL(path) ?? path
}
