/**
 * Stands in for `react-remove-scroll`, which Radix carries for its modal menus and popovers. Ours
 * are not modal and dialogs are the browser's own, so it would only weigh; and it makes a <style>
 * element, which the Content-Security-Policy refuses. Whoever makes one modal hears of it here.
 */
export function RemoveScroll(): never {
  throw new Error('menus and popovers are not modal here: see web/README.md, Looks')
}
