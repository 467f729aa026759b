import { CheckIcon } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Spinner } from '@/ui/Spinner'
import { useForm } from '../form-errors'

const SHOWN_MS = 2_000

/** Saves as one goes. `save` sends; `note` says that it arrived; what failed stays and says why. */
export function useAutosave() {
  const { submit, ...form } = useForm()
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const save = useCallback(
    async (wrong: Readonly<Record<string, string>>, send: () => Promise<void>) => {
      if (await submit(wrong, send)) setSavedAt(performance.now())
    },
    [submit],
  )
  useEffect(() => {
    if (savedAt === null) return
    const timer = setTimeout(() => setSavedAt(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [savedAt])
  return { ...form, save, saved: savedAt !== null }
}

export function SavedNote({ busy, saved }: { busy: boolean; saved: boolean }) {
  return (
    <p role="status" className="flex h-6 items-center gap-1.5 text-small text-muted">
      {busy && <Spinner className="size-4" />}
      {saved && !busy && (
        <>
          <CheckIcon aria-hidden="true" className="size-4" />
          {m.accounts_saved()}
        </>
      )}
    </p>
  )
}
