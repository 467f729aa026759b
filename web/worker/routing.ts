/** Where the answer to a request comes from; `network` is none of the worker's business. */
export type Answer =
  | { from: 'assets' }
  | { from: 'pictures' }
  | { from: 'shell'; path: string }
  | { from: 'network' }

export interface Asked {
  method: string
  mode: string
  /** Has a Range header: only the server can cut a file. */
  partial: boolean
  url: URL
}

const INDEX = '/index.html'
/** What the server made of a picture to be shown small: its name never means anything else. */
const PICTURE = /^\/api\/v1\/rooms\/[^/]+\/files\/[^/]+\/content\/thumb\.\w+$/
/** What the server answers itself: an address among these is never a page of ours. */
const SERVERS =
  /^\/(api|media|socket\.io|healthz|readyz|metrics|\.well-known|files|assets|sw\.js)(\/|$)/

/** `shell` holds the paths that are cached whole, without a hash in their names. */
export function answerFor(asked: Asked, origin: string, shell: ReadonlySet<string>): Answer {
  const { pathname } = asked.url
  if (asked.method !== 'GET' || asked.partial || asked.url.origin !== origin) {
    return { from: 'network' }
  }
  if (pathname.startsWith('/assets/')) return { from: 'assets' }
  if (PICTURE.test(pathname)) return { from: 'pictures' }
  if (shell.has(pathname)) return { from: 'shell', path: pathname }
  const page = asked.mode === 'navigate' && !SERVERS.test(pathname)
  return page ? { from: 'shell', path: INDEX } : { from: 'network' }
}
