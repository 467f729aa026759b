/** Moves the focus to the next visible element marked `data-landmark`, in page order, around. */
export function nextLandmark(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-landmark]')].filter(
    (element) => element.getClientRects().length > 0,
  )
  if (all.length === 0) return
  const here = all.findIndex((element) => element.contains(document.activeElement))
  const start = here < 0 && step < 0 ? 0 : here
  const target = all[(start + step + all.length) % all.length]
  const inside = target?.querySelector<HTMLElement>('[data-landmark-focus]')
  ;(inside ?? target)?.focus()
}
