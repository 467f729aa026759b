import { useState } from 'react'
import { cx } from '@/lib/class-names'
import { later } from '@/lib/later'
import { offersMore } from './actions'
import { MessageRow } from './message-row'
import { usePane, usePaneState } from './pane-store'
import { PendingRow } from './pending-row'
import type { Row } from './rows'

const ChooseBox = later(async () => (await import('./choosing')).ChooseBox)

/** With no row chosen yet, Tab lands on the newest. */
export const isActive = (_row: Row, index: number, activeIndex: number, count: number) =>
  activeIndex >= 0 ? index === activeIndex : index === count - 1

export function RowFrame({ row, isActive, last }: { row: Row; isActive: boolean; last: boolean }) {
  const { store } = usePane()
  const flashed = usePaneState((state) => state.flashed === row.key)
  const choosing = usePaneState((state) => state.chosen !== null)
  /** Pointed at or walked to: its buttons show. */
  const [hot, setHot] = useState(false)
  return (
    <article
      data-key={row.key}
      tabIndex={isActive ? 0 : -1}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setHot(true)}
      onPointerLeave={() => setHot(false)}
      onFocus={(event) => {
        store.setState({ active: row.key })
        // A tap focuses too, but a finger has the long press: no buttons over the text.
        if (event.target.matches(':focus-visible')) setHot(true)
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setHot(false)
      }}
      className={cx(
        'relative outline-offset-[-2px] transition-colors duration-700',
        flashed && 'bg-accent-soft',
        !row.compact && 'mt-(--message-gap)',
        last && 'pb-3',
      )}
    >
      {row.kind === 'message' ? (
        <>
          <MessageRow row={row} hot={hot && !choosing} />
          {choosing && offersMore(row.message) && <ChooseBox message={row.message} />}
        </>
      ) : (
        <PendingRow row={row} />
      )}
    </article>
  )
}
