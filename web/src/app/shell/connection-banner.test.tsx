import { act, render, screen } from '@testing-library/react'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { useConnection } from '@/lib/connection'
import { ConnectionBanner } from './connection-banner'

function network(on: boolean) {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(on)
  act(() => void dispatchEvent(new Event(on ? 'online' : 'offline')))
}

const wait = (ms: number) => act(() => void vi.advanceTimersByTime(ms))

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  useConnection.setState({ state: 'online', queued: 0 })
})

test('a server that is away is being reconnected to, however long it takes', () => {
  network(true)
  render(<ConnectionBanner />)
  act(() => useConnection.setState({ state: 'connecting' }))
  wait(1_900)
  expect(screen.queryByRole('status')).toBeNull()
  wait(200)
  expect(screen.getByRole('status').textContent).toContain('Reconnecting…')
  act(() => useConnection.setState({ state: 'offline', queued: 1 }))
  expect(screen.getByRole('status').textContent).toContain('Reconnecting…')
  expect(screen.getByRole('status').textContent).toContain('1 message will be sent')
})

test('a device without a network is offline, until it has one', () => {
  network(false)
  render(<ConnectionBanner />)
  act(() => useConnection.setState({ state: 'offline' }))
  wait(2_000)
  expect(screen.getByRole('status').textContent).toContain('You are offline.')
  network(true)
  expect(screen.getByRole('status').textContent).toContain('Reconnecting…')
  act(() => useConnection.setState({ state: 'online' }))
  expect(screen.getByRole('status').textContent).toBe('Back online')
  wait(2_500)
  expect(screen.queryByRole('status')).toBeNull()
})
