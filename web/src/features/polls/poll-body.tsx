import { later } from '@/lib/later'
import type { RowPart } from '@/lib/row-parts'

const PollCard = later(async () => (await import('./poll-card')).PollCard)

/** A row keeps the card's place while its code comes: nothing jumps. */
export function PollBody(part: RowPart) {
  const { body } = part.message
  if (body.kind !== 'poll') return null
  return (
    <div className="my-1" style={{ minHeight: `${5.5 + body.options.length * 2.75}rem` }}>
      <PollCard {...part} />
    </div>
  )
}
