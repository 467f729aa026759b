/** What a key asks of the player. */
export type Action =
  | { do: 'toggle' | 'mute' | 'full' | 'theatre' | 'captions' | 'leave' }
  | { do: 'skip' | 'frame' | 'louder' | 'faster'; by: number }
  | { do: 'part'; of: number }

export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

const SKIP = 5
const LEAP = 10
const VOLUME_STEP = 0.05

/** By the character, so that it holds on any keyboard. */
const actions: Readonly<Record<string, Action>> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'skip', by: -LEAP },
  l: { do: 'skip', by: LEAP },
  arrowleft: { do: 'skip', by: -SKIP },
  arrowright: { do: 'skip', by: SKIP },
  arrowup: { do: 'louder', by: VOLUME_STEP },
  arrowdown: { do: 'louder', by: -VOLUME_STEP },
  m: { do: 'mute' },
  f: { do: 'full' },
  t: { do: 'theatre' },
  c: { do: 'captions' },
  ',': { do: 'frame', by: -1 },
  '.': { do: 'frame', by: 1 },
  '<': { do: 'faster', by: -1 },
  '>': { do: 'faster', by: 1 },
  home: { do: 'part', of: 0 },
  end: { do: 'part', of: 1 },
  escape: { do: 'leave' },
}

/** What a field or a button in the player takes for itself. */
const OF_RANGE = /^(arrow|home|end)/
const OF_BUTTON = /^ $/

/** Null where the key is not the player's: another has it, or the focused control needs it. */
export function actionOf(pressed: Pressed, focused: 'range' | 'button' | null): Action | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null
  const key = pressed.key.toLowerCase()
  if (focused === 'range' && OF_RANGE.test(key)) return null
  if (focused === 'button' && OF_BUTTON.test(key)) return null
  if (/^\d$/.test(key)) return { do: 'part', of: Number(key) / 10 }
  return actions[key] ?? null
}
