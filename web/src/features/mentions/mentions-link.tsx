import { AtSignIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { callsOf } from '@/sync/threads'
import { SideLink } from '@/ui/SideLink'

/** What calls me and is not read yet, in rooms and in threads. */
export function MentionsLink() {
  const count = useSync((state) =>
    Object.values(state.rooms).reduce((sum, { id, me }) => {
      const read = Math.max(me.read_seq, state.readHere[id] ?? 0)
      const inRoom = me.mentions.filter((seq) => seq > read).length
      return me.threads.reduce((all, thread) => all + callsOf(thread).length, sum + inRoom)
    }, 0),
  )
  return (
    <SideLink
      view="mentions"
      icon={<AtSignIcon aria-hidden="true" />}
      label={m.mentions_title()}
      count={count}
    />
  )
}
