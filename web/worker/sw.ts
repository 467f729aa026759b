// The service worker: the page opens without a network. It keeps files of the build and the small
// pictures that were looked at, and nothing else; messages are IndexedDB's business, and other
// answers about a person never pass through here.
import { usedBefore } from './keeping'
import { answerFor } from './routing'

declare const self: ServiceWorkerGlobalScope

/** Written into the built file by tools/service-worker.mjs. */
declare const __PRECACHE__: {
  /** Of the files without a hash in their names. */
  version: string
  /** Path and integrity: a worker must not keep the page of another build than its own. */
  shell: [string, string][]
  /** Fetched in advance. */
  assets: string[]
  /** Kept from their first use on; with `assets`, all there is to keep of this build. */
  later: string[]
}

const { version, shell, assets, later } = __PRECACHE__
const known = new Set([...assets, ...later])
const shellPaths = new Set(shell.map(([path]) => path))
const SHELL = `tertulia-shell-${version}`
/** One for all builds: a name under /assets/ says what is inside. */
const ASSETS = 'tertulia-assets'
const PICTURES = 'tertulia-pictures'
/** Some ten kilobytes each. */
const MOST_PICTURES = 500
// `Vary` speaks of encodings and origins, and a cached answer is beyond both.
const anyForm = { ignoreVary: true }

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('message', (event) => {
  // The page asks when nobody is in the middle of something; see src/app/updates.
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting())
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { method, mode, headers } = request
  const asked = { method, mode, partial: headers.has('range'), url: new URL(request.url) }
  const answer = answerFor(asked, self.location.origin, shellPaths)
  if (answer.from === 'pictures') event.respondWith(fromPictures(request))
  if (answer.from === 'assets') event.respondWith(fromAssets(request))
  if (answer.from === 'shell') event.respondWith(fromShell(answer.path, request))
})

async function install(): Promise<void> {
  const [kept, fresh] = await Promise.all([caches.open(ASSETS), caches.open(SHELL)])
  const before = (await kept.keys()).map(pathOf)
  const fetchOnce = async (path: string) => {
    if (!before.includes(path)) await keep(kept, path, await fetch(path))
  }
  await Promise.all([
    ...assets.map(fetchOnce),
    // Without them the page works: no reason to go on with the build before.
    ...usedBefore(before, later).map((path) => fetchOnce(path).catch(() => undefined)),
    ...shell.map(async ([path, integrity]) =>
      keep(fresh, path, await fetch(path, { cache: 'no-cache', integrity })),
    ),
  ])
}

/** Throws for anything but the file itself: a sign-in page of some proxy is no script. */
async function keep(cache: Cache, path: string, response: Response): Promise<void> {
  if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`)
  await cache.put(path, response)
}

async function takeOver(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('tertulia-shell-') && name !== SHELL)
  await Promise.all(old.map((name) => caches.delete(name)))
  const kept = await caches.open(ASSETS)
  const stale = (await kept.keys()).filter((request) => !known.has(pathOf(request)))
  await Promise.all(stale.map((request) => kept.delete(request, anyForm)))
  await self.clients.claim()
}

async function fromAssets(request: Request): Promise<Response> {
  const cache = await caches.open(ASSETS)
  const kept = await cache.match(request, anyForm)
  if (kept) return kept
  const response = await fetch(request)
  // Of this build only, which bounds the cache: a page of another asks for files of its own.
  if (known.has(pathOf(request)) && response.ok && !response.redirected) {
    // A full disk is no reason to withhold the file.
    await cache.put(request, response.clone()).catch(() => undefined)
  }
  return response
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(SHELL)
  return (await cache.match(path, anyForm)) ?? fetch(request)
}

/** The small ones that were seen last. Whoever signs out takes them along: see src/lib/pictures.ts. */
async function fromPictures(request: Request): Promise<Response> {
  const cache = await caches.open(PICTURES)
  const kept = await cache.match(request, anyForm)
  if (kept) {
    // Put again, it is the newest.
    await cache.put(request, kept.clone()).catch(() => undefined)
    return kept
  }
  const response = await fetch(request)
  if (response.ok && !response.redirected) {
    await cache.put(request, response.clone()).catch(() => undefined)
    const all = await cache.keys()
    await Promise.all(
      all.slice(0, Math.max(0, all.length - MOST_PICTURES)).map((old) => cache.delete(old)),
    )
  }
  return response
}

const pathOf = ({ url }: Request) => new URL(url).pathname
