import { SmilePlusIcon } from 'lucide-react'
import { memo } from 'react'
import { useStore } from 'zustand'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { RowPart } from '@/lib/row-parts'
import { usePerson } from '@/sync/react'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { Tooltip } from '@/ui/Tooltip'
import type { Reaction } from '@/wire/reactions'
import type { TimelineMessage } from '@/wire/timeline'
import { wished } from './reacting'
import { openPeople, openPicker, useReactionTools } from './reactions-context'

/** Held this long, a chip tells who reacted. */
const LONG_PRESS_MS = 500

/** Under a message: every emoji, how many, and whether I am among them. */
export const ReactionChips = memo(function ReactionChips({ message, myId, rights }: RowPart) {
  const tools = useReactionTools()
  const wishes = useStore(tools.reacting.wishes)
  const shown = wished(message.reactions, wishes, message.id, myId)
  const may = rights.react
  if (shown.length === 0) return null
  return (
    <ul aria-label={m.reactions_label()} className="mt-1 mb-0.5 flex flex-wrap gap-1">
      {shown.map((reaction) => (
        <li key={reaction.emoji}>
          <Chip reaction={reaction} message={message} myId={myId} may={may} />
        </li>
      ))}
      {may && (
        <li>
          <button
            type="button"
            aria-label={m.reactions_add()}
            onClick={() => openPicker(tools, message)}
            className={cx(chip, 'border-transparent text-faint hover:bg-hover hover:text-ink')}
          >
            <SmilePlusIcon aria-hidden="true" className="size-4" />
          </button>
        </li>
      )}
    </ul>
  )
})

const chip =
  'inline-flex min-h-7 min-w-9 items-center justify-center gap-1.5 rounded-full border px-2 text-small tabular-nums transition-colors'

function Chip({
  reaction,
  message,
  myId,
  may,
}: {
  reaction: Reaction
  message: TimelineMessage
  myId: string
  may: boolean
}) {
  const tools = useReactionTools()
  const who = useWho(reaction, myId)
  let held: ReturnType<typeof setTimeout> | undefined
  let told = false
  const release = () => clearTimeout(held)
  return (
    <Tooltip text={m.reactions_who({ who, emoji: reaction.emoji })} side="top">
      <button
        type="button"
        aria-pressed={reaction.mine}
        onClick={() => {
          if (told) told = false
          else if (may) void tools.reacting.set(message, reaction.emoji, !reaction.mine)
          else openPeople(tools, message)
        }}
        onContextMenu={(event) => {
          event.preventDefault()
          event.stopPropagation()
          openPeople(tools, message)
        }}
        onPointerDown={(event) => {
          if (event.pointerType === 'mouse') return
          event.stopPropagation()
          held = setTimeout(() => {
            told = true
            openPeople(tools, message)
          }, LONG_PRESS_MS)
        }}
        onPointerUp={release}
        onPointerCancel={release}
        className={cx(
          chip,
          reaction.mine
            ? 'border-accent bg-accent-soft font-semibold text-accent-ink'
            : 'border-line bg-sunken text-muted hover:border-line-strong hover:text-ink',
        )}
      >
        <EmojiGlyph emoji={reaction.emoji} className="text-[1.05rem] leading-none" />
        <span>
          {' '}
          {reaction.count}
          <span className="sr-only"> {who}</span>
        </span>
      </button>
    </Tooltip>
  )
}

/** The first three by name, the others by number: `You, Ana, Bo and 4 others`. */
function useWho({ accounts, count, mine }: Reaction, myId: string): string {
  const others = accounts.filter((id) => id !== myId).slice(0, mine ? 2 : 3)
  const first = usePerson(others[0])
  const second = usePerson(others[1])
  const third = usePerson(others[2])
  const names = [first, second, third]
    .slice(0, others.length)
    .map((person) => person?.display_name ?? m.messages_somebody())
  if (mine) names.unshift(m.reactions_you())
  const rest = count - names.length
  return rest > 0
    ? m.reactions_and_others({ names: names.join(', '), count: rest })
    : names.join(', ')
}
