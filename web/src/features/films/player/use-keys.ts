import type { KeyboardEvent } from 'react'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { type Action, actionOf } from './keys'
import { nextRate } from './rates'
import type { Stage } from './stage'
import type { Screen } from './use-screen'
import type { Volume } from './use-volume'

/** Of films whose rate nobody told us: near enough to step from picture to picture. */
const FRAME = 1 / 30

export interface Hands {
  stage: Stage
  volume: Volume
  screen: Screen
  toggleCaptions: () => void
  /** Closes what is open over the picture; false where nothing is. */
  closePanel: () => boolean
  /** Says for a moment what happened. */
  note: (text: string) => void
}

/** Does what a key asks; keys of others pass. */
export function pressKey(event: KeyboardEvent<HTMLElement>, hands: Hands): void {
  const { target } = event
  const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  const type = target instanceof HTMLInputElement ? target.type : null
  if (field && type !== 'range' && type !== 'radio') return
  const focused = field ? 'range' : target instanceof HTMLButtonElement ? 'button' : null
  const action = actionOf(event, focused)
  if (!action || !perform(action, hands)) return
  // The list of messages has keys of its own, and the page would scroll.
  event.preventDefault()
  event.stopPropagation()
}

function perform(action: Action, hands: Hands): boolean {
  const { stage, volume, screen } = hands
  const { paused, position, duration, rate } = stage.store.getState()
  switch (action.do) {
    case 'toggle':
      stage.run({ do: paused ? 'play' : 'pause' })
      return true
    case 'skip':
      skip(hands, action.by)
      return true
    case 'part':
      stage.run({ do: 'seek', to: duration * action.of })
      return true
    case 'frame':
      if (paused) stage.run({ do: 'seek', to: position + action.by * FRAME })
      return true
    case 'faster': {
      const to = nextRate(rate, action.by)
      stage.run({ do: 'rate', rate: to })
      hands.note(m.films_rate({ rate: formatNumber(to) }))
      return true
    }
    case 'louder': {
      const from = volume.muted ? 0 : volume.volume
      const to = Math.min(1, Math.max(0, from + action.by))
      volume.set(to)
      hands.note(m.films_volume_of({ volume: formatNumber(to, { style: 'percent' }) }))
      return true
    }
    case 'mute':
      volume.toggle()
      hands.note(volume.muted ? m.films_unmuted() : m.films_muted())
      return true
    case 'full':
      screen.toggleFull()
      return true
    case 'theatre':
      screen.toggleTheatre()
      return true
    case 'captions':
      hands.toggleCaptions()
      return true
    case 'leave':
      return hands.closePanel() || screen.leave()
  }
}

/** By keys and by fingers alike. */
export function skip({ stage, note }: Pick<Hands, 'stage' | 'note'>, by: number): void {
  stage.run({ do: 'seek', to: stage.store.getState().position + by })
  note(m.films_skipped({ seconds: formatNumber(by, { signDisplay: 'always' }) }))
}
