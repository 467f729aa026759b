import { createMemoryHistory } from '@tanstack/react-router'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { usePreferences } from '@/lib/preferences'
import { signedOut, useSession } from '@/lib/session'
import type { Device, OwnAccount, Server } from '@/wire/accounts'
import { App } from './app'
import { keepPreferencesApplied } from './apply-preferences'
import { makeRouter, ownPath } from './routes'

// The rooms themselves have their own tests; here only the doors to them matter.
vi.mock('./room-slots', () => ({
  RoomsRoot: ({ children }: { children: React.ReactNode }) => children,
  RoomListPane: () => null,
  RoomPane: ({ roomId }: { roomId: string }) => <h1>{`inside ${roomId}`}</h1>,
  RightPane: () => null,
  ViewPane: () => null,
  HomePane: () => <h1>{'home'}</h1>,
}))

const ana: OwnAccount = {
  id: 'ana-id',
  username: 'ana',
  display_name: 'Ana',
  hue: 30,
  status_text: '',
  status_emoji: '',
  status_until: null,
  avatar: null,
  email: null,
  role: 'member',
  created_at: '2026-01-01T00:00:00Z',
}

const openServer: Server = {
  name: 'The kitchen',
  version: '1',
  registration: 'open',
  needs_owner: false,
  needs_setup_token: false,
  max_text_length: 8000,
}

const session = { account: ana, device_id: 'd1', access_token: '', expires_in: 900 }

const invitation = {
  room_id: 'film-club',
  kind: 'channel',
  room_name: 'Film club',
  topic: '',
  member_count: 7,
  invited_by: { ...ana, display_name: 'Bo' },
}

type Answer = (body: Record<string, unknown>) => Response | Promise<Response>

const problem = (status: number, code: string, more: object = {}) =>
  Response.json({ code, status, title: code, detail: '', ...more }, { status })

/** What was asked of the server, as `POST auth/login`, with the body. */
let asked: [string, Record<string, unknown>][] = []

function serve(answers: Record<string, Answer>, server: Partial<Server> = {}) {
  asked = []
  const all: Record<string, Answer> = {
    'GET server': () => Response.json({ ...openServer, ...server }),
    'GET me': () => Response.json(ana),
    ...answers,
  }
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const call = `${init.method ?? 'GET'} ${path.replace('/api/v1/', '')}`
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : {}
    asked.push([call, body])
    return (await all[call]?.(body)) ?? problem(404, 'not_found')
  })
}

function open(path: string) {
  onTestFinished(keepPreferencesApplied())
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }))
  render(<App router={router} />)
  return router
}

beforeEach(() => {
  sessionStorage.clear()
  usePreferences.setState({ locale: 'en' })
  signedOut()
})

describe('signing in', () => {
  test('a wrong password keeps what was typed and says what to do', async () => {
    serve({ 'POST auth/login': () => problem(401, 'wrong_credentials') })
    open('/sign-in')
    await userEvent.type(await screen.findByLabelText('Username'), 'ana')
    await userEvent.type(screen.getByLabelText('Password'), 'wrong{Enter}')
    expect((await screen.findByRole('alert')).textContent).toContain('Check the spelling')
    expect(screen.getByLabelText('Username')).toHaveProperty('value', 'ana')
    expect(screen.getByLabelText('Password')).toHaveProperty('value', 'wrong')
    expect(asked.map(([call]) => call)).not.toContain('POST auth/refresh')
  })

  test('leads back to where one wanted to go', async () => {
    serve({ 'POST auth/login': () => Response.json(session) })
    const router = open('/rooms/film-club?panel=members')
    await userEvent.type(await screen.findByLabelText('Username'), 'ana')
    await userEvent.type(screen.getByLabelText('Password'), 'right one{Enter}')
    expect(await screen.findByText('inside film-club')).toBeTruthy()
    expect(router.state.location.search).toEqual({ panel: 'members' })
  })

  test('never leads to another site', () => {
    for (const bad of ['https://evil.example', '//evil.example', '/\\evil.example', 7, '']) {
      expect(ownPath(bad)).toBeUndefined()
    }
    expect(ownPath('/rooms/x?panel=members')).toBe('/rooms/x?panel=members')
  })
})

describe('signing up', () => {
  test('shows what the server says about a field, at the field', async () => {
    serve({ 'POST auth/register': () => problem(409, 'username_taken') })
    open('/sign-up')
    await userEvent.type(await screen.findByLabelText(/Your name/), 'Ána Sol')
    expect(screen.getByLabelText('Username')).toHaveProperty('value', 'ana.sol')
    await userEvent.type(screen.getByLabelText('Password'), 'long enough{Enter}')
    const field = screen.getByLabelText('Username')
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'))
    expect(screen.getByText('That username is taken. Try another.')).toBeTruthy()
  })

  test('checks the limits before asking the server', async () => {
    serve({})
    open('/sign-up')
    await userEvent.type(await screen.findByLabelText('Username'), 'a')
    await userEvent.type(screen.getByLabelText('Password'), 'short{Enter}')
    expect(await screen.findAllByText(/At least \d+ characters\.$/)).toHaveLength(2)
    expect(asked.map(([call]) => call)).not.toContain('POST auth/register')
  })

  test('is not offered where the server is by invite', async () => {
    serve({}, { registration: 'invite' })
    open('/sign-up')
    expect(await screen.findByText('By invite only')).toBeTruthy()
    expect(screen.queryByLabelText('Password')).toBeNull()
  })

  test('of the owner sends the token of the link', async () => {
    serve(
      { 'POST auth/register': () => Response.json(session) },
      { needs_owner: true, needs_setup_token: true },
    )
    const router = open('/setup?token=first-run')
    await userEvent.type(await screen.findByLabelText('Username'), 'ana')
    await userEvent.type(screen.getByLabelText('Password'), 'long enough{Enter}')
    expect(await screen.findByText('home')).toBeTruthy()
    expect(asked).toContainEqual([
      'POST auth/register',
      { username: 'ana', password: 'long enough', setup_token: 'first-run' },
    ])
    expect(router.state.location.href).not.toContain('first-run')
  })
})

describe('an invite', () => {
  test('survives making an account and ends inside the room', async () => {
    serve(
      {
        'GET invites/abc': () => Response.json(invitation),
        'POST auth/register': () => Response.json(session),
        'POST invites/abc/accept': () => Response.json({ room_id: 'film-club' }),
      },
      { registration: 'invite' },
    )
    open('/invite/abc')
    expect(await screen.findByText('Film club')).toBeTruthy()
    await userEvent.click(screen.getByRole('link', { name: 'Create account and join' }))
    await userEvent.type(await screen.findByLabelText('Username'), 'ana')
    await userEvent.type(screen.getByLabelText('Password'), 'long enough{Enter}')
    expect(await screen.findByText('inside film-club')).toBeTruthy()
    expect(asked.find(([call]) => call === 'POST auth/register')?.[1]).toMatchObject({
      invite: 'abc',
    })
  })

  test('joins nothing by itself', async () => {
    useSession.setState({ account: ana })
    serve({ 'GET invites/abc': () => Response.json(invitation) })
    open('/invite/abc')
    expect(await screen.findByRole('button', { name: 'Join' })).toBeTruthy()
    expect(asked.map(([call]) => call)).not.toContain('POST invites/abc/accept')
  })

  test('that ran out says so', async () => {
    serve({ 'GET invites/abc': () => problem(404, 'invite_invalid') })
    open('/invite/abc')
    expect(await screen.findByText(/no longer works/)).toBeTruthy()
  })
})

describe('the session', () => {
  test('signed out elsewhere leads to the door, with the way back', async () => {
    useSession.setState({ account: ana })
    serve({})
    const router = open('/rooms/film-club')
    expect(await screen.findByText('inside film-club')).toBeTruthy()
    signedOut()
    expect(await screen.findByLabelText('Username')).toBeTruthy()
    expect(router.state.location.search).toEqual({ next: '/rooms/film-club' })
  })

  test('paints before the server has answered', async () => {
    useSession.setState({ account: ana })
    serve({ 'GET me': () => new Promise<Response>(() => undefined) })
    open('/rooms/film-club')
    expect(await screen.findByText('inside film-club')).toBeTruthy()
  })
})

describe('settings', () => {
  test('Esc in a field saves it, Esc again goes back to where one was', async () => {
    useSession.setState({ account: ana })
    serve({ 'PATCH me': (body) => Response.json({ ...ana, ...body }) })
    const router = open('/rooms/film-club')
    await screen.findByText('inside film-club')
    await userEvent.keyboard('{Control>},{/Control}')
    await userEvent.type(await screen.findByLabelText('Your name'), ' Sol')
    await userEvent.keyboard('{Escape}')
    expect(await screen.findByText('Saved')).toBeTruthy()
    expect(asked).toContainEqual(['PATCH me', { display_name: 'Ana Sol' }])
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(router.state.location.pathname).toBe('/rooms/film-club'))
  })

  test('a linked section on a phone has the list behind it', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: false }))
    onTestFinished(() => void vi.unstubAllGlobals())
    useSession.setState({ account: ana })
    serve({})
    const router = open('/settings/appearance')
    expect(await screen.findByRole('heading', { name: 'Appearance' })).toBeTruthy()
    await waitFor(() => expect(router.history.canGoBack()).toBe(true))
    router.history.back()
    await waitFor(() => expect(router.state.location.pathname).toBe('/settings'))
  })

  test('a session gets the name its owner gives it', async () => {
    const laptop: Device = {
      id: 'd2',
      name: 'Firefox on Linux',
      platform: 'linux',
      created_at: '2026-01-01T00:00:00Z',
      last_seen_at: '2026-01-01T00:00:00Z',
      current: false,
    }
    let devices = [laptop]
    useSession.setState({ account: ana })
    serve({
      'GET me/devices': () => Response.json({ devices }),
      'PATCH me/devices/d2': (body) => {
        devices = [{ ...laptop, ...body }]
        return Response.json(devices[0])
      },
    })
    open('/settings/sessions')
    await userEvent.click(await screen.findByRole('button', { name: 'Rename Firefox on Linux' }))
    const field = await screen.findByLabelText('Name')
    await userEvent.clear(field)
    await userEvent.type(field, '{Enter}')
    expect(await screen.findByText('This is needed.')).toBeTruthy()
    await userEvent.type(field, ' Kitchen laptop {Enter}')
    expect(await screen.findByText('Kitchen laptop')).toBeTruthy()
    expect(asked).toContainEqual(['PATCH me/devices/d2', { name: 'Kitchen laptop' }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('another language takes effect at once', async () => {
    useSession.setState({ account: ana })
    serve({})
    open('/settings/appearance')
    await userEvent.selectOptions(await screen.findByLabelText('Language'), 'es')
    expect(await screen.findByRole('heading', { name: 'Apariencia' })).toBeTruthy()
    expect(document.documentElement.lang).toBe('es')
  })
})

describe('the keyboard', () => {
  test('Ctrl+K finds, arrows choose, Enter goes', async () => {
    useSession.setState({ account: ana })
    serve({})
    const router = open('/rooms')
    await screen.findByText('home')
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.type(await screen.findByRole('combobox'), 'sett{Enter}')
    await waitFor(() => expect(router.state.location.pathname).toBe('/settings'))
  })

  test('? lists what the registry holds', async () => {
    useSession.setState({ account: ana })
    serve({})
    open('/rooms')
    await screen.findByText('home')
    await userEvent.keyboard('?')
    const help = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
    expect(help.textContent).toContain('Jump to a room, person or command')
  })
})
