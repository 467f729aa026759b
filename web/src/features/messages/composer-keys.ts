/** The part of a keyboard event that decides; so that tests need no browser. */
export interface Keystroke {
  key: string
  keyCode: number
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  isComposing: boolean
}

export interface Field {
  value: string
  selectionStart: number
  selectionEnd: number
}

/** An Enter that belongs to an input method ends a composition and nothing else. Safari says
 * `compositionend` before this keydown, so that only keyCode 229 tells (WebKit bug 165004). */
export const belongsToIme = (key: Keystroke) => key.isComposing || key.keyCode === 229

/** Whether Enter sends here, or breaks the line. Ctrl/⌘+Enter always sends. */
export function sends(key: Keystroke, field: Field, enterSends: boolean): boolean {
  if (key.key !== 'Enter' || belongsToIme(key)) return false
  if (key.ctrlKey || key.metaKey) return true
  if (key.altKey) return false
  // With the setting swapped, Shift+Enter is the one that sends.
  if (key.shiftKey === enterSends) return false
  return !isInFence(field.value, field.selectionStart)
}

/** Inside an open ``` or ~~~ fence: an odd number of fence lines above the caret. */
export function isInFence(text: string, caret: number): boolean {
  let open: string | null = null
  for (const line of text.slice(0, caret).split('\n')) {
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (!fence) continue
    if (open === null) open = fence
    else if (fence[0] === open[0] && fence.length >= open.length) open = null
  }
  return open !== null
}

/** What an empty composer does with the keys: correct my last words, or answer the last ones. */
export function reachesBack(key: Keystroke, field: Field): 'edit' | 'reply' | null {
  if (key.key !== 'ArrowUp' || field.value !== '' || belongsToIme(key)) return null
  if (key.ctrlKey || key.metaKey || key.altKey) return null
  return key.shiftKey ? 'reply' : 'edit'
}

/** Bold, italic, strike: marks around the selection, taken away again if they are there. */
export function wrap(field: Field, mark: string): Field {
  const { value, selectionStart: from, selectionEnd: to } = field
  const before = value.slice(0, from)
  const inner = value.slice(from, to)
  const after = value.slice(to)
  if (before.endsWith(mark) && after.startsWith(mark)) {
    const cut = mark.length
    return {
      value: before.slice(0, -cut) + inner + after.slice(cut),
      selectionStart: from - cut,
      selectionEnd: to - cut,
    }
  }
  return {
    value: before + mark + inner + mark + after,
    selectionStart: from + mark.length,
    selectionEnd: to + mark.length,
  }
}
