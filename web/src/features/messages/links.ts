/** Schemes a message may link to; anything else (javascript:, data:, file:) stays plain text. */
const allowed = new Set(['http:', 'https:', 'mailto:'])

/** The address if a message may link to it, else null. */
export function safeHref(href: string): string | null {
  let url: URL
  try {
    url = new URL(href)
  } catch {
    return null
  }
  return allowed.has(url.protocol) ? url.href : null
}
