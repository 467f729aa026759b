const STAMP = 'tertulia.reloaded-at'
const ONCE_PER_MS = 60_000

/**
 * After a deploy an open page may ask for a chunk that is gone. One reload brings the new page; a
 * second within the minute would only spin, so then the error is shown.
 */
export function reloadWhenOutdated(): void {
  addEventListener('vite:preloadError', (event) => {
    if (Date.now() - Number(sessionStorage.getItem(STAMP)) < ONCE_PER_MS) return
    sessionStorage.setItem(STAMP, String(Date.now()))
    event.preventDefault()
    location.reload()
  })
}
