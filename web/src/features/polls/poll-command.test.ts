import { afterEach, expect, test } from 'vitest'
import type { ComposerPart } from '@/lib/composer-parts'
import { useOverlay } from '@/lib/overlays'
import { pollSubmitter } from './poll-command'

const part = { roomId: 'room', threadId: null } as ComposerPart

afterEach(() => useOverlay.setState({ shown: null }))

test.each(['/poll "Tea?" "Yes" "No"', '/poll “Tea?” “Yes” “No”', '/pollen count', 'a /poll'])(
  '%s is not for the dialog',
  (text) => {
    expect(pollSubmitter(text, part)).toBe(false)
    expect(useOverlay.getState().shown).toBeNull()
  },
)

test.each([
  ['/poll', '', ['', '']],
  ['/poll Tea or coffee?', 'Tea or coffee?', ['', '']],
  ['/POLL "Tea?" "Yes"', 'Tea?', ['Yes', '']],
])('%s opens the dialog with what is known', (text, question, options) => {
  expect(pollSubmitter(text, part)).toBe(true)
  const shown = useOverlay.getState().shown as { props: { begun: unknown } }
  expect(shown.props.begun).toEqual({ question, options })
})
