import { fuzzy } from '@/lib/fuzzy'
import type { SwitcherItem } from '@/lib/switcher'

const SHOWN = 50
/** Of a group, so that one that fits well does not fill the list. */
const SHOWN_OF_GROUP = 20
/** What `weight` can add: less than the distance between two kinds of fit. */
const BOOST = 80
/** A username or an alias fits a little less than the name people see. */
const BY_KEYWORD = 60

export interface Ranked {
  item: SwitcherItem
  /** Letters of the label that were typed. */
  letters: readonly number[]
}

/** The items that fit, best first; then kept together by group, in the order groups first appear. */
export function rank(query: string, items: readonly SwitcherItem[]): Ranked[] {
  const wanted = query.trim()
  const scored = items
    .map((item) => scoreOf(wanted, item))
    .filter((one) => one !== null)
    .sort((a, b) => b.score - a.score)
  const groups = Map.groupBy(scored, ({ item }) => item.group)
  return [...groups.values()].flatMap((group) => group.slice(0, SHOWN_OF_GROUP)).slice(0, SHOWN)
}

function scoreOf(query: string, item: SwitcherItem): (Ranked & { score: number }) | null {
  const boost = Math.min(Math.max(item.weight ?? 0, 0), 1) * BOOST
  const label = fuzzy(query, item.label)
  const keywords = item.keywords
    ? item.keywords.split(' ').flatMap((word) => fuzzy(query, word)?.score ?? [])
    : []
  const byKeyword = Math.max(...keywords) - BY_KEYWORD
  if (label && label.score >= byKeyword) {
    return { item, letters: label.letters, score: label.score + boost }
  }
  return keywords.length > 0 ? { item, letters: [], score: byKeyword + boost } : null
}
