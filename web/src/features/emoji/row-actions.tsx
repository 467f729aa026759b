import { SmilePlusIcon, UsersIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowAction, RowPart } from '@/lib/row-parts'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { quickEmoji } from './habits'
import { openPeople, openPicker, type ReactionTools } from './reactions-context'

/** Three at once, all of them, and who did. */
export const reactionActions =
  (tools: ReactionTools) =>
  ({ message, rights }: RowPart): readonly RowAction[] => {
    const kind = message.body.kind
    if (kind === 'system' || kind === 'deleted' || kind === 'expired') return []
    const actions: RowAction[] = []
    if (rights.react) {
      for (const emoji of quickEmoji()) {
        const mine = message.reactions.some((one) => one.emoji === emoji && one.mine)
        actions.push({
          id: `react-${emoji}`,
          label: mine ? m.reactions_take_back({ emoji }) : m.reactions_react_with({ emoji }),
          icon: <EmojiGlyph emoji={emoji} className="text-[1.05rem] leading-none" />,
          quick: 'only',
          run: () => void tools.reacting.set(message, emoji, !mine),
        })
      }
      actions.push({
        id: 'react',
        label: m.reactions_add(),
        icon: <SmilePlusIcon aria-hidden="true" />,
        quick: true,
        key: '+',
        run: () => openPicker(tools, message),
      })
    }
    if (message.reactions.length > 0) {
      actions.push({
        id: 'reactors',
        label: m.reactions_people(),
        icon: <UsersIcon aria-hidden="true" />,
        run: () => openPeople(tools, message),
      })
    }
    return actions
  }
