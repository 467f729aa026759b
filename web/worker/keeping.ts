/** `/assets/name-HASH.js` without its hash: the same part of any build. */
const part = (path: string) => path.replace(/-[\w-]{8}\.(\w+)$/, '.$1')

/**
 * What to fetch in advance of the parts that are otherwise kept at first use: those whose builds
 * before somebody used, by what was `kept` so far. Whoever had a page offline keeps it through a
 * deploy.
 */
export function usedBefore(kept: readonly string[], later: readonly string[]): string[] {
  const used = new Set(kept.map(part))
  return later.filter((path) => used.has(part(path)))
}
