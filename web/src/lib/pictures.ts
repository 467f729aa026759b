/** Where the service worker keeps small pictures: worker/sw.ts. */
const PICTURES = 'tertulia-pictures'
const WHOSE = 'tertulia.pictures'

/** Throws away the small pictures that somebody looked at. Does nothing where a browser keeps none. */
export async function forgetPictures(): Promise<void> {
  localStorage.removeItem(WHOSE)
  // Only where the page is trusted are there any.
  if ('caches' in globalThis) await caches.delete(PICTURES).catch(() => false)
}

/** What is kept was seen by this person; what another one left behind goes first. */
export async function ownPictures(accountId: string): Promise<void> {
  if (localStorage.getItem(WHOSE) === accountId) return
  await forgetPictures()
  localStorage.setItem(WHOSE, accountId)
}
