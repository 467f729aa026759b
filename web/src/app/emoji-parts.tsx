import { type ReactNode, useEffect, useMemo } from 'react'
import { createEmojiBook } from '@/features/emoji/book'
import { createReacting, isShown } from '@/features/emoji/reacting'
import { ReactionHost } from '@/features/emoji/reaction-host'
import {
  createOpened,
  type ReactionTools,
  ReactionToolsContext,
} from '@/features/emoji/reactions-context'
import { fetchUnicode } from '@/features/emoji/unicode'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { type EmojiBook, EmojiBookContext } from '@/lib/emoji'
import { http, isConflict } from '@/lib/http'
import type { Engine } from '@/sync/engine'
import { browserClock } from '@/sync/ports'
import { useEngine } from '@/sync/react'
import { toast } from '@/ui/toasts'
import type { EmojiList } from '@/wire/emoji'

export interface EmojiParts {
  book: EmojiBook
  tools: ReactionTools
}

/** One list of emoji and one way to react, for as long as somebody is signed in. */
export function useEmojiParts(): EmojiParts {
  const engine = useEngine()
  const book = useMemo(
    () =>
      createEmojiBook({
        fetchCustom: () => http<EmojiList>('GET', 'emoji'),
        fetchUnicode,
        clock: browserClock,
      }),
    [],
  )
  useEffect(() => {
    const stop = engine.store.subscribe((now, before) => {
      if (now.emojiVersion && now.emojiVersion !== before.emojiVersion) book.heard(now.emojiVersion)
      if (now.connection === 'online' && before.connection !== 'online') book.reconnected()
    })
    return () => {
      stop()
      book.close()
    }
  }, [engine, book])
  const tools = useMemo(() => ({ reacting: reactingOf(engine), opened: createOpened() }), [engine])
  return useMemo(() => ({ book, tools }), [book, tools])
}

const reactingOf = (engine: Engine) =>
  createReacting({
    clock: browserClock,
    refused: (error) =>
      toast(isConflict(error) ? m.reactions_too_many() : errorText(error), { tone: 'danger' }),
    whenShown: (messageId, emoji, mine, task) => {
      const shown = () => isShown(engine.store.getState(), messageId, emoji, mine)
      if (shown()) {
        task()
        return () => {}
      }
      const stop = engine.store.subscribe((now, before) => {
        if (now.timelines === before.timelines || !shown()) return
        stop()
        task()
      })
      return stop
    },
  })

export function EmojiProvider({ parts, children }: { parts: EmojiParts; children: ReactNode }) {
  return (
    <EmojiBookContext value={parts.book}>
      <ReactionToolsContext value={parts.tools}>
        {children}
        <ReactionHost />
      </ReactionToolsContext>
    </EmojiBookContext>
  )
}
