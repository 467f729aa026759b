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
 * @param {{ fonts: readonly RegExp[], without: readonly RegExp[] }} choice the faces every first
 *   paint uses, and module ids whose chunks wait until somebody needs them
 * @returns {import('vite').Plugin}
 */
export function serviceWorker({ fonts, without }) {
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
        const assets = Object.values(bundle)
          .filter((file) => isKept(file, fonts, without))
          .map((file) => `/${file.fileName}`)
          .sort()
        const version = digest(JSON.stringify(shell), 'sha256').digest('hex').slice(0, 12)
        if (!worker.code.includes(LIST)) this.error(`${WORKER} has no place for its list`)
        worker.code = worker.code.replace(LIST, () => JSON.stringify({ version, shell, assets }))
        const files = [...shell.map(([path]) => path), ...assets]
        this.emitFile({ type: 'asset', fileName: REPORT, source: JSON.stringify(files) })
      },
    },
  }
}

const integrity = (/** @type {string | Uint8Array} */ content) =>
  `sha256-${digest(content, 'sha256').digest('base64')}`

/**
 * @param {import('rolldown').OutputChunk | import('rolldown').OutputAsset} file
 * @param {readonly RegExp[]} fonts
 * @param {readonly RegExp[]} without
 */
function isKept(file, fonts, without) {
  if (!file.fileName.startsWith('assets/')) return false
  if (file.type === 'asset') {
    return file.fileName.endsWith('.css') || fonts.some((name) => name.test(file.fileName))
  }
  return !without.some((id) => id.test(file.facadeModuleId ?? ''))
}
