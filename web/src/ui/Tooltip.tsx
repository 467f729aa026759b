import { cloneElement, type ReactElement } from 'react'

export interface TooltipProps {
  text: string
  /** As in the shortcut registry. */
  keys?: string
  side?: 'top' | 'bottom'
  /** Must spread its props. */
  children: ReactElement
}

/**
 * A second way to learn what something is; never the only one. Only says so on the element: one
 * listener for the whole page, `Tips`, shows it, for a row has half a dozen of them.
 */
export function Tooltip({ text, keys, side, children }: TooltipProps) {
  return cloneElement(children, tip(text, keys, side))
}

export const tip = (text: string, keys?: string, side?: 'top' | 'bottom'): object => ({
  'data-tip': text,
  ...(keys && { 'data-tip-keys': keys }),
  ...(side && { 'data-tip-side': side }),
})
