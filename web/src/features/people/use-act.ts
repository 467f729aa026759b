import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { toast } from '@/ui/toasts'

/** One thing at a time; a refusal is said aloud. Answers whether it was done. */
export function useAct(): {
  busy: boolean
  act: (task: () => Promise<unknown>) => Promise<boolean>
} {
  const [busy, setBusy] = useState(false)
  const act = async (task: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await task()
      return true
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, act }
}
