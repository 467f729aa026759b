import { render, screen } from '@testing-library/react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { later, PART_MISSING } from './later'

test('a part that could not be fetched is tried again the next time', async () => {
  const missing = vi.fn()
  addEventListener(PART_MISSING, missing)
  onTestFinished(() => removeEventListener(PART_MISSING, missing))
  const load = vi.fn(() => Promise.resolve(() => <p>Here it is</p>))
  load.mockRejectedValueOnce(new Error('away'))
  const Part = later(load, () => <p>Not now</p>)
  const first = render(<Part />)
  expect(await screen.findByText('Not now')).toBeTruthy()
  expect(missing).toHaveBeenCalledOnce()
  first.unmount()
  render(<Part />)
  expect(await screen.findByText('Here it is')).toBeTruthy()
})
