import { useState } from 'react'
import { errorText } from '@/i18n/errors'

/** One thing at a time that may be refused: whether it runs, and what to say if it failed. */
export function useTask() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const run = async (task: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await task()
    } catch (refusal) {
      setError(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}
