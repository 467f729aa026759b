// Who may import whom: app → features → sync → wire; ui, lib and i18n import nothing above them;
// features never meet directly; no barrel files; only sync knows Socket.IO.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** @type {Record<string, readonly string[]>} */
const mayImport = {
  app: ['app', 'features', 'sync', 'wire', 'ui', 'lib', 'i18n', 'styles'],
  features: ['sync', 'wire', 'ui', 'lib', 'i18n'],
  sync: ['sync', 'wire', 'lib', 'i18n'],
  ui: ['ui', 'lib', 'i18n'],
  lib: ['lib', 'wire'],
  i18n: ['i18n', 'wire'],
  wire: ['wire'],
}

/** @param {string} path relative to src, e.g. `features/rooms/apply.ts` */
function placeOf(path) {
  const parts = path.split('/')
  const layer = parts.length === 1 ? 'app' : (parts[0] ?? '')
  return { layer, feature: layer === 'features' ? parts[1] : undefined }
}

/** @param {string} from @param {string} specifier */
function resolve(from, specifier) {
  if (specifier.startsWith('@/')) return specifier.slice(2)
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  return null
}

/**
 * Sentences about every broken rule.
 * @param {ReadonlyMap<string, string>} files source by path relative to src
 */
export function brokenRules(files) {
  const found = []
  for (const [path, source] of files) {
    const here = placeOf(path)
    if (/(^|\/)index\.tsx?$/.test(path)) {
      found.push(`${path}: no barrel files; import from where the thing lives`)
    }
    for (const { fileName } of ts.preProcessFile(source, true, true).importedFiles) {
      if (/^socket\.io/.test(fileName) && here.layer !== 'sync') {
        found.push(`${path}: only sync/ speaks to the socket (${fileName})`)
      }
      if (/^(radix-ui|@radix-ui\/)/.test(fileName) && here.layer !== 'ui') {
        found.push(`${path}: only ui/ knows Radix (${fileName})`)
      }
      const target = resolve(path, fileName)
      if (target === null) continue
      const there = placeOf(target)
      const sameFeature = here.feature !== undefined && here.feature === there.feature
      if (sameFeature || mayImport[here.layer]?.includes(there.layer)) continue
      const rule = here.layer === 'features' && there.layer === 'features'
      found.push(
        rule
          ? `${path}: features do not import each other (${target}); meet in app/ or lib/`
          : `${path}: ${here.layer}/ may not import ${there.layer}/ (${target})`,
      )
    }
  }
  return found
}

/** @param {string} root @returns {Map<string, string>} */
export function readSources(root) {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return new Map(
    paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('i18n/paraglide/'))
      // Tests may look at anything; what they hold together is their business.
      .filter((path) => !/\.test\.tsx?$/.test(path) && path !== 'test-setup.ts')
      .map((path) => [path, readFileSync(posix.join(root, path), 'utf8')]),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const broken = brokenRules(readSources(fileURLToPath(new URL('../src', import.meta.url))))
  for (const sentence of broken) process.stderr.write(`${sentence}\n`)
  process.exit(broken.length > 0 ? 1 : 0)
}
