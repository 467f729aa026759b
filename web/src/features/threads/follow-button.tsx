import { BellIcon, BellOffIcon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import { follows } from '@/sync/threads'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toasts'

/** Whether the thread calls me, and the way to change it. */
export function FollowButton({ roomId, rootId }: { roomId: string; rootId: string }) {
  const following = useSync((state) => {
    const told = state.rooms[roomId]?.me.threads.find((one) => one.root_id === rootId)
    return told ? follows(told) : state.threads[rootId]?.me.following
  })
  const [busy, setBusy] = useState(false)
  if (following === undefined) return null
  const change = async () => {
    setBusy(true)
    try {
      await http('POST', `rooms/${roomId}/messages/${rootId}/thread/follow`, {
        body: { following: !following },
      })
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
    }
    setBusy(false)
  }
  return (
    <Button
      tone="quiet"
      busy={busy}
      aria-pressed={following}
      title={following ? m.threads_unfollow_hint() : m.threads_follow_hint()}
      onClick={() => void change()}
    >
      {following ? <BellIcon aria-hidden="true" /> : <BellOffIcon aria-hidden="true" />}
      {following ? m.threads_following() : m.threads_follow()}
    </Button>
  )
}
