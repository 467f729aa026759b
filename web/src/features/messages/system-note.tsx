import { useShallow } from 'zustand/react/shallow'
import { formatList } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { ttlText } from '@/i18n/ttl'
import { usePerson, useSync } from '@/sync/react'
import type { Message, SystemBody } from '@/wire/messages'

/** A quiet line about the room itself. */
export function SystemNote({ message, body }: { message: Message; body: SystemBody }) {
  const actor = usePerson(message.author_id)
  const concerned = usePerson(body.account_id)
  const who = actor?.display_name ?? m.messages_somebody()
  const whom = concerned?.display_name ?? m.messages_somebody()
  return (
    <p className="py-0.5 text-small text-muted" dir="auto">
      {sentence(body, who, whom, message.author_id === body.account_id)}
    </p>
  )
}

/** Names said before "and 3 others". */
const NAMED = 2

/** Many who came or went, in one line. */
export function FoldedNote({ messages, event }: { messages: readonly Message[]; event: string }) {
  const ids = [...new Set(messages.map((message) => message.author_id))]
  const shown = useSync(
    useShallow((state) =>
      ids
        .slice(0, ids.length > NAMED + 1 ? NAMED : ids.length)
        .map((id) => state.people[id]?.display_name ?? m.messages_somebody()),
    ),
  )
  const rest = ids.length - shown.length
  const names = formatList(rest > 0 ? [...shown, m.rooms_n_others({ count: rest })] : shown)
  const say = event === 'member.joined' ? m.life_folded_joined : m.life_folded_left
  return (
    <p className="py-0.5 text-small text-muted" dir="auto">
      {say({ names, count: ids.length })}
    </p>
  )
}

function sentence(body: SystemBody, who: string, whom: string, byThemselves: boolean): string {
  const { event, text } = body
  switch (event) {
    case 'room.created':
      return m.messages_room_created({ who })
    case 'room.renamed':
      return text ? m.messages_room_renamed({ who, name: text }) : m.messages_room_unnamed({ who })
    case 'room.topic_changed':
      return text
        ? m.messages_topic_changed({ who, topic: text })
        : m.messages_topic_removed({ who })
    case 'room.avatar_changed':
      return text ? m.messages_picture_changed({ who }) : m.messages_picture_removed({ who })
    case 'room.ttl_changed':
      return text
        ? m.expiry_note_set({ who, time: ttlText(Number(text)) })
        : m.expiry_note_off({ who })
    case 'room.archived':
      return m.messages_room_archived({ who })
    case 'room.unarchived':
      return m.messages_room_unarchived({ who })
    case 'member.joined':
      return byThemselves || !body.account_id
        ? m.messages_joined({ who: body.account_id ? whom : who })
        : m.messages_added({ who, whom })
    case 'member.left':
      return m.messages_left_room({ who: body.account_id ? whom : who })
    case 'member.removed':
      return m.messages_removed({ who, whom })
    case 'member.banned':
      return m.messages_banned({ who, whom })
    case 'message.pinned':
      return byThemselves ? m.pins_note_own({ who }) : m.pins_note({ who, whom })
    case 'webhook.disabled':
      return m.messages_webhook_off()
    default:
      // A later server may note what this build has no words for.
      return m.messages_unknown_note({ who })
  }
}
