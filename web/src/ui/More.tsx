import { m } from '@/i18n/paraglide/messages.js'
import { Button } from './Button'

/** What an infinite query says of the pages it has not fetched. */
export interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => Promise<unknown>
}

/** Under a list that came in part: the next page; nothing where there is none. */
export function More({ of, className }: { of: Pages; className?: string }) {
  if (!of.hasNextPage) return null
  return (
    <Button
      size="small"
      {...(className && { className })}
      busy={of.isFetchingNextPage}
      onClick={() => void of.fetchNextPage()}
    >
      {m.ui_more()}
    </Button>
  )
}
