import { cx } from '@/lib/class-names'
import { MessageRow } from './message-row'
import { usePane, usePaneState } from './pane-store'
import { PendingRow } from './pending-row'
import type { Row } from './rows'

/** With no row chosen yet, Tab lands on the newest. */
export const isActive = (_row: Row, index: number, activeIndex: number, count: number) =>
  activeIndex >= 0 ? index === activeIndex : index === count - 1

export function RowFrame({ row, isActive, last }: { row: Row; isActive: boolean; last: boolean }) {
  const { store } = usePane()
  const flashed = usePaneState((state) => state.flashed === row.key)
  return (
    <article
      data-key={row.key}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => store.setState({ active: row.key })}
      className={cx(
        'outline-offset-[-2px] transition-colors duration-700',
        flashed && 'bg-accent-soft',
        !row.compact && 'mt-(--message-gap)',
        last && 'pb-3',
      )}
    >
      {row.kind === 'message' ? <MessageRow row={row} /> : <PendingRow row={row} />}
    </article>
  )
}
