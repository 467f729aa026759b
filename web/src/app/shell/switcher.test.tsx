import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, onTestFinished, test } from 'vitest'
import { refreshSwitcher, registerSwitcherSource, type SwitcherItem } from '@/lib/switcher'
import { Switcher } from './switcher'

test('finds what arrives while it is open', async () => {
  let rooms: SwitcherItem[] = []
  onTestFinished(registerSwitcherSource('rooms', () => rooms))
  render(<Switcher onClose={() => undefined} />)
  await userEvent.type(screen.getByRole('combobox'), 'kitch')
  expect(screen.queryAllByRole('option')).toEqual([])
  rooms = [{ id: 'room 1', label: 'Kitchen', group: 'Rooms', run: () => undefined }]
  act(refreshSwitcher)
  expect(screen.getByRole('option').textContent).toContain('Kitchen')
})
