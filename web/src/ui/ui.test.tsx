import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { m } from '@/i18n/paraglide/messages.js'
import { AlertDialog } from './AlertDialog'
import { Avatar } from './Avatar'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { Menu } from './Menu'
import { PasswordField } from './PasswordField'
import { TextField } from './TextField'
import { ToastRegion } from './ToastRegion'
import { toast, useToasts } from './toasts'

function Opener({ ask = false }: { ask?: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>Open</Button>
      {open && !ask && <Dialog title="A question" onClose={() => setOpen(false)} />}
      {open && ask && (
        <AlertDialog
          title="Delete it?"
          description="It is gone for everybody."
          action="Delete"
          onConfirm={() => undefined}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

test('a question that could not be answered stays open and says why', async () => {
  const close = vi.fn()
  render(
    <AlertDialog
      title="Delete it?"
      description="It is gone for everybody."
      action="Delete"
      onConfirm={() =>
        Promise.reject(Object.assign(new Error('no'), { code: 'network', message: '' }))
      }
      onClose={close}
    />,
  )
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }))
  expect((await screen.findByText(m.error_network())).getAttribute('role')).toBe('alert')
  expect(close).not.toHaveBeenCalled()
})

describe('fields', () => {
  test('the error is read with the field and replaces the hint', () => {
    const { rerender } = render(<TextField label="Name" hint="As on your door" />)
    expect(screen.getByLabelText('Name').hasAttribute('aria-invalid')).toBe(false)
    rerender(<TextField label="Name" hint="As on your door" error="This is needed." />)
    const field = screen.getByLabelText('Name')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    const note = document.getElementById(field.getAttribute('aria-describedby') ?? '')
    expect(note?.textContent).toBe('This is needed.')
    expect(screen.queryByText('As on your door')).toBeNull()
  })

  test('a password can be shown', async () => {
    render(<PasswordField label="Password" />)
    const field = screen.getByLabelText('Password')
    expect(field.getAttribute('type')).toBe('password')
    await userEvent.click(screen.getByRole('button', { name: 'Show password' }))
    expect(field.getAttribute('type')).toBe('text')
  })
})

describe('Button', () => {
  test('busy keeps the focus and ignores presses', async () => {
    const press = vi.fn()
    render(
      <Button busy onClick={press}>
        Save
      </Button>,
    )
    const button = screen.getByRole('button')
    await userEvent.click(button)
    expect(press).not.toHaveBeenCalled()
    expect(document.activeElement).toBe(button)
  })
})

describe('Dialog', () => {
  test('is modal, named, and closes on Esc', async () => {
    render(<Opener />)
    await userEvent.click(screen.getByText('Open'))
    const dialog = screen.getByRole('dialog', { name: 'A question' })
    expect((dialog as HTMLDialogElement).open).toBe(true)
    act(() => {
      dialog.dispatchEvent(new Event('cancel', { cancelable: true }))
    })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('a question about destroying does not close by a press outside', async () => {
    render(<Opener ask />)
    await userEvent.click(screen.getByText('Open'))
    const dialog = screen.getByRole('alertdialog', { name: 'Delete it?' })
    await userEvent.click(dialog)
    expect(screen.getByRole('alertdialog')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })
})

describe('Menu', () => {
  test('opens by keyboard, moves by arrows, runs on Enter', async () => {
    const rename = vi.fn()
    render(
      <Menu
        items={[
          { id: 'mute', label: 'Mute', run: vi.fn() },
          null,
          { id: 'rename', label: 'Rename', run: rename },
        ]}
      >
        <button type="button">More</button>
      </Menu>,
    )
    screen.getByText('More').focus()
    await userEvent.keyboard('{Enter}')
    expect(await screen.findAllByRole('menuitem')).toHaveLength(2)
    await userEvent.keyboard('{ArrowDown}{Enter}')
    expect(rename).toHaveBeenCalledTimes(1)
  })
})

describe('toasts', () => {
  afterEach(() => {
    vi.useRealTimers()
    useToasts.setState({ list: [] })
  })

  test('say it politely, undo on request, and go by themselves', () => {
    vi.useFakeTimers()
    const undo = vi.fn()
    render(<ToastRegion />)
    act(() => {
      toast('Message deleted', { action: { label: 'Undo', run: undo } })
      toast('Copied')
    })
    expect(screen.getByRole('status').textContent).toContain('Message deleted')
    act(() => vi.advanceTimersByTime(5_000))
    expect(screen.queryByText('Copied')).toBeNull()
    act(() => screen.getByText('Undo').click())
    expect(undo).toHaveBeenCalledTimes(1)
    expect(screen.queryByText('Message deleted')).toBeNull()
  })
})

describe('Avatar', () => {
  test('tells the presence in words where it is given', () => {
    render(<Avatar name="Ana Sol" hue={30} presence="away" presenceLabel="Away" />)
    expect(screen.getByRole('img', { name: 'Away' })).toBeTruthy()
  })
})
