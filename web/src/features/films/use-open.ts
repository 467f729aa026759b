import { useEffect, useState } from 'react'
import { usePlaying } from '@/lib/playing'

/** Open once it was pressed, until something of another message is: then its row may go. */
export function useOpen(messageId: string): readonly [open: boolean, start: () => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (!open) return
    usePlaying.setState({ messageId })
    return () =>
      usePlaying.setState((now) => (now.messageId === messageId ? { messageId: null } : now))
  }, [open, messageId])
  return [open, () => setOpen(true)]
}
