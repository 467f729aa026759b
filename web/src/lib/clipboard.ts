/**
 * Copies text. `navigator.clipboard` exists only in a secure context, and a server at home is often
 * reached by plain http: there the old way still works. Throws where neither does.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.setAttribute('aria-hidden', 'true')
  field.className = 'sr-only'
  // Inside an open dialog nothing outside it can take the selection.
  const host = document.querySelector('dialog[open]') ?? document.body
  const before = document.activeElement
  host.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  if (!copied) throw new Error('the browser does not let us copy')
}
