import { useEffect, useState } from 'react'

/** A text of ours, read; null before, and where it cannot be had. */
export function useText<Read>(url: string | null, read: (text: string) => Read): Read | null {
  const [got, setGot] = useState<{ url: string; read: Read } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` is always the same function
  useEffect(() => {
    if (url === null) return
    const abort = new AbortController()
    fetch(url, { signal: abort.signal, credentials: 'same-origin' })
      .then((answer) => (answer.ok ? answer.text() : null))
      .then((text) => text !== null && setGot({ url, read: read(text) }))
      .catch(() => undefined)
    return () => abort.abort()
  }, [url])
  return got !== null && got.url === url ? got.read : null
}
