import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { More } from './More'
import { PagedList } from './PagedList'

const state = { isPending: false, isError: false, isSuccess: true, error: null }
const none = { title: 'Nothing here', text: 'It comes' }
const row = ({ id }: { id: string }) => <li key={id}>{id}</li>

it('fetches the next page once while it is under way, and goes with the last', async () => {
  const fetchNextPage = vi.fn(async () => undefined)
  const { rerender } = render(
    <More of={{ hasNextPage: true, isFetchingNextPage: false, fetchNextPage }} />,
  )
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))
  rerender(<More of={{ hasNextPage: true, isFetchingNextPage: true, fetchNextPage }} />)
  await userEvent.click(screen.getByRole('button'))
  expect(fetchNextPage).toHaveBeenCalledOnce()
  rerender(<More of={{ hasNextPage: false, isFetchingNextPage: false, fetchNextPage }} />)
  expect(screen.queryByRole('button')).toBeNull()
})

it('says that a list is empty only once it knows, and offers to try again', async () => {
  const refetch = vi.fn(async () => undefined)
  const list = {
    ...state,
    refetch,
    hasNextPage: false,
    isFetchingNextPage: false,
    fetchNextPage: refetch,
  }
  const props = { row, none, failed: 'Could not look' }
  const waiting = { ...list, isPending: true, isSuccess: false }
  const { rerender } = render(<PagedList {...props} items={[]} list={waiting} />)
  expect(screen.queryByText('Nothing here')).toBeNull()
  rerender(<PagedList {...props} items={[]} list={list} />)
  expect(screen.getByText('Nothing here')).toBeDefined()
  rerender(<PagedList {...props} items={[{ id: 'one' }]} list={list} />)
  expect(screen.getByText('one')).toBeDefined()
  const broken = { ...list, isError: true, isSuccess: false, error: new Error('away') }
  rerender(<PagedList {...props} items={[]} list={broken} />)
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(refetch).toHaveBeenCalledOnce()
})
