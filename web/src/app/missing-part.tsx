import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { PART_MISSING } from '@/lib/later'
import { toast } from '@/ui/toasts'

/** Says why a dialog or a panel does not open: its code is not here, and the server is away. */
export function MissingPartNotice() {
  useEffect(() => {
    const heard = () => void toast(m.error_network(), { tone: 'danger' })
    addEventListener(PART_MISSING, heard)
    return () => removeEventListener(PART_MISSING, heard)
  }, [])
  return null
}

/** In the place of a whole page or panel. */
export const MissingPart = () => <p className="p-5 text-muted">{m.error_network()}</p>
