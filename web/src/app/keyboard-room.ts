/** Less than any on-screen keyboard, more than any browser bar. */
const KEYBOARD_MIN = 120

/**
 * Safari on iOS lays its keyboard over the page: 100dvh does not shrink. While it is open,
 * `--visible-height` is what is left; elsewhere the viewport tag does this and nothing is set.
 */
export function makeRoomForKeyboard(): void {
  const view = window.visualViewport
  if (!view) return
  view.addEventListener('resize', () => {
    const { style } = document.documentElement
    const covered = window.innerHeight - view.height
    // A pinch makes the visual viewport smaller too.
    if (view.scale === 1 && covered > KEYBOARD_MIN) {
      style.setProperty('--visible-height', `${view.height}px`)
      window.scrollTo(0, 0)
    } else {
      style.removeProperty('--visible-height')
    }
  })
}
