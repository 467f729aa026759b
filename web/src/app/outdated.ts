const STAMP = 'tertulia.reloaded-at'
const ONCE_PER_MS = 60_000

/**
 * After a deploy an open page may ask for a chunk that is gone. One reload brings the new page; a
 * second within the minute would only spin, so then the error is shown.
 */
export function reloadWhenOutdated(reload: () => void): void {
  addEventListener('vite:preloadError', () => {
    if (Date.now() - Number(sessionStorage.getItem(STAMP)) < ONCE_PER_MS) return
    void openNewest(reload)
  })
}

async function openNewest(reload: () => void): Promise<void> {
  // A chunk is missing too while the server is away, and then a reload only makes it worse.
  const answer = await fetch('/sw.js', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
  if (!answer?.ok) return
  sessionStorage.setItem(STAMP, String(Date.now()))
  // The worker would answer with the page that misses the chunk. It comes back with the new one.
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  const registration = await workers?.getRegistration().catch(() => undefined)
  await registration?.unregister()
  reload()
}
