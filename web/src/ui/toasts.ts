import { create } from 'zustand'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'danger' | 'live'
  action?: { label: string; run: () => void }
  /** Milliseconds; long enough to read twice, longer where there is something to press. */
  lasts: number
}

export const useToasts = create<{ list: readonly Toast[] }>()(() => ({ list: [] }))

let last = 0

/** Says something briefly, optionally with one thing to press (`Undo`). Gives the way to take it back. */
export function toast(
  text: string,
  options: Partial<Pick<Toast, 'tone' | 'action' | 'lasts'>> = {},
) {
  const id = ++last
  const made: Toast = {
    id,
    text,
    tone: options.tone ?? 'plain',
    lasts: options.lasts ?? (options.action ? 8_000 : 4_500),
    ...(options.action && { action: options.action }),
  }
  // Three at most: a pile of notices is read by nobody.
  useToasts.setState(({ list }) => ({ list: [...list.slice(-2), made] }))
  return () => dismissToast(id)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ list }) => ({ list: list.filter((one) => one.id !== id) }))
}
