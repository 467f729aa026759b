import type { SwitcherItem } from '@/lib/switcher'
import { matchScore } from '@/lib/text'

const SHOWN = 50

/** The items that fit, best first; then kept together by group, in the order groups first appear. */
export function rank(query: string, items: readonly SwitcherItem[]): SwitcherItem[] {
  const scored = items
    .map((item) => ({ item, score: bestScore(query, item) }))
    .filter((one): one is { item: SwitcherItem; score: number } => one.score !== null)
    .sort((a, b) => b.score - a.score || (b.item.weight ?? 0) - (a.item.weight ?? 0))
    .slice(0, SHOWN)
    .map(({ item }) => item)
  return [...Map.groupBy(scored, (item) => item.group).values()].flat()
}

function bestScore(query: string, item: SwitcherItem): number | null {
  const label = matchScore(query, item.label)
  const keywords = item.keywords ? matchScore(query, item.keywords) : null
  if (label === null) return keywords
  return Math.max(label, keywords ?? 0)
}
