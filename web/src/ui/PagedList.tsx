import type { Key, ReactNode } from 'react'
import { errorText } from '@/i18n/errors'
import { EmptyState } from './EmptyState'
import { ErrorState } from './ErrorState'
import { More, type Pages } from './More'
import { Skeleton } from './Skeleton'

interface PagedListProps<Item extends { id: Key }> {
  /** The infinite query. */
  list: Pages & {
    isPending: boolean
    isError: boolean
    isSuccess: boolean
    error: unknown
    refetch: () => Promise<unknown>
  }
  items: readonly Item[]
  row: (item: Item) => ReactNode
  /** The heading where it could not be fetched. */
  failed: string
  none: { title: string; text: string }
}

/** A list that comes page by page, in all its states; the rows carry their own `<li>` and key. */
export function PagedList<Item extends { id: Key }>(props: PagedListProps<Item>) {
  const { list, items, row, failed, none } = props
  return (
    <>
      {list.isPending && <Skeleton className="h-24" />}
      {list.isError && (
        <ErrorState title={failed} text={errorText(list.error)} retry={() => void list.refetch()} />
      )}
      {list.isSuccess && items.length === 0 && (
        <EmptyState title={none.title}>{none.text}</EmptyState>
      )}
      <ul>{items.map(row)}</ul>
      <More of={list} />
    </>
  )
}
