// Weighs what each route loads, from Vite's manifest, and fails the build beyond its budget.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Another build may be named: `npm run budget -- --dist=FOLDER`. */
const named = process.argv.find((argument) => argument.startsWith('--dist='))?.slice(7)
const DIST = named ? pathToFileURL(`${resolve(named)}/`) : new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'))
const ENTRY = 'index.html'

/** Limits in kB of gzip -9, from the design's budget table. */
const budgets = [
  {
    name: 'sign-in JS',
    routes: ['doors'],
    kind: 'js',
    limit: 140,
  },
  {
    name: 'room JS',
    routes: ['src/app/shell/signed-in.tsx', 'src/app/shell/shell.tsx'],
    kind: 'js',
    limit: 250,
  },
  { name: 'all CSS', routes: Object.keys(manifest), kind: 'css', limit: 30 },
]

/**
 * A chunk and all it imports at once; what is imported lazily is another route's weight.
 * @param {string} key
 */
function closure(key, found = /** @type {Set<string>} */ (new Set())) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`the manifest has no ${key}`)
  if (!found.has(key)) {
    found.add(key)
    for (const next of chunk.imports ?? []) closure(next, found)
  }
  return found
}

const weigh = (/** @type {string} */ file) =>
  gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length / 1000

/** A route is named by its source file, or by the chunk that vite.config.ts groups it into. */
const keyOf = (/** @type {string} */ route) =>
  route in manifest ? route : Object.keys(manifest).find((key) => manifest[key].name === route)

/** @param {{ routes: string[], kind: string }} budget */
function files({ routes, kind }) {
  const keys = new Set([ENTRY, ...routes].flatMap((route) => [...closure(keyOf(route) ?? route)]))
  const chunks = [...keys].map((key) => manifest[key])
  const named = kind === 'css' ? chunks.flatMap((c) => c.css ?? []) : chunks.map((c) => c.file)
  return new Set(named.filter((file) => file.endsWith(`.${kind}`)))
}

/** What the service worker fetches in advance: paths, from tools/service-worker.mjs.
 * @type {string[]} */
const precached = JSON.parse(readFileSync(new URL('.vite/precache.json', DIST), 'utf8'))
const precache = { name: 'precache', limit: 400 }

/** All the code there is, asked for or not; told, not limited: a part nobody opens costs nobody. */
const everything = {
  name: 'all JS',
  limit: Number.POSITIVE_INFINITY,
  weighed: readdirSync(new URL('assets/', DIST))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `assets/${name}`),
}

/** @type {{ name: string, limit: number, weighed: string[] }[]} */
const weighings = [
  ...budgets.map((budget) => ({ ...budget, weighed: [...files(budget)] })),
  { ...precache, weighed: precached.map((path) => path.slice(1)) },
  everything,
]

let over = false
for (const budget of weighings) {
  const parts = budget.weighed
    .map((file) => /** @type {const} */ ([file, weigh(file)]))
    .sort((a, b) => b[1] - a[1])
  const total = parts.reduce((sum, [, kb]) => sum + kb, 0)
  const fits = total <= budget.limit
  over ||= !fits
  const limit = Number.isFinite(budget.limit) ? `of ${budget.limit} kB` : `in ${parts.length} files`
  process.stdout.write(
    `${fits ? 'ok  ' : 'OVER'} ${budget.name.padEnd(12)} ${total.toFixed(1).padStart(6)} kB ${limit}\n`,
  )
  if (!fits || process.argv.includes('--parts')) {
    for (const [file, kb] of parts)
      process.stdout.write(`       ${kb.toFixed(1).padStart(6)}  ${file}\n`)
  }
}
process.exit(over ? 1 : 0)
