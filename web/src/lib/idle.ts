const AT_LATEST_MS = 1_000

/** Runs `task` once the page has a moment, within a second; returns the way to call it off. */
export function whenIdle(task: () => void): () => void {
  // Safari has no idle callback yet.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(task, 1)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(task, { timeout: AT_LATEST_MS })
  return () => cancelIdleCallback(handle)
}
