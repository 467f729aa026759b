// Builds worker/sw.ts into /sw.js and tells it what to keep. By hand rather than with Workbox: our
// rules fit on a page, and the list must be chosen by route, which its globs cannot see.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const WORKER = 'sw.js'
const LIST = '__PRECACHE__'
/** Beside Vite's manifest, for the budget; the server hides the folder. */
const REPORT = '.vite/precache.json'

const digest = (/** @type {string | Uint8Array} */ content, /** @type {string} */ kind) =>
  createHash(kind).update(content)

/**
 * @param {{ fonts: readonly RegExp[], entries: readonly RegExp[] }} choice the faces every first
 *   paint uses, and the modules that are fetched in advance with all they import at once. Any other
 *   file waits until somebody needs it, and is kept from then on
 * @returns {import('vite').Plugin}
 */
export function serviceWorker({ fonts, entries }) {
  /** @type {string} */
  let publicDir
  return {
    name: 'tertulia:service-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      publicDir = config.publicDir
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: 'worker/sw.ts', fileName: WORKER })
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[WORKER]
        const page = bundle['index.html']
        if (worker?.type !== 'chunk' || page?.type !== 'asset') this.error('no worker or no page')
        // A classic script: Firefox learned module workers late.
        if (worker.imports.length > 0) this.error(`${WORKER} imports ${worker.imports.join(', ')}`)
        const shell = [
          ['/index.html', integrity(page.source)],
          ...readdirSync(publicDir).map((name) => [
            `/${name}`,
            integrity(readFileSync(join(publicDir, name))),
          ]),
        ]
        const chunks = reached(bundle, entries)
        const isKept = (/** @type {string} */ name) =>
          chunks.has(name) || name.endsWith('.css') || fonts.some((font) => font.test(name))
        const names = Object.keys(bundle)
          .filter((name) => name.startsWith('assets/'))
          .sort()
        const assets = names.filter(isKept).map((name) => `/${name}`)
        const later = names.filter((name) => !isKept(name)).map((name) => `/${name}`)
        const version = digest(JSON.stringify(shell), 'sha256').digest('hex').slice(0, 12)
        if (!worker.code.includes(LIST)) this.error(`${WORKER} has no place for its list`)
        worker.code = worker.code.replace(LIST, () =>
          JSON.stringify({ version, shell, assets, later }),
        )
        const files = [...shell.map(([path]) => path), ...assets]
        this.emitFile({ type: 'asset', fileName: REPORT, source: JSON.stringify(files) })
      },
    },
  }
}

const integrity = (/** @type {string | Uint8Array} */ content) =>
  `sha256-${digest(content, 'sha256').digest('base64')}`

/**
 * The chunks of the page and of `entries`, with all they import at once.
 * @param {import('rolldown').OutputBundle} bundle
 * @param {readonly RegExp[]} entries
 */
function reached(bundle, entries) {
  /** @type {Set<string>} */
  const found = new Set()
  const reach = (/** @type {string} */ name) => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || found.has(name)) return
    found.add(name)
    chunk.imports.forEach(reach)
  }
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk' || chunk.fileName === WORKER) continue
    const holdsEntry = chunk.moduleIds.some((id) => entries.some((entry) => entry.test(id)))
    if (chunk.isEntry || holdsEntry) reach(chunk.fileName)
  }
  return found
}
