import { useId, useRef, useState } from 'react'
import { type Completion, useComposerParts } from '@/lib/composer-parts'
import { useEngine } from '@/sync/react'
import { type Asked, askedAt, completed } from './completion'
import { mentionCompleter } from './mention-completer'
import { usePane } from './pane-store'

export interface CompletionBox {
  open: boolean
  label: string
  options: readonly Completion[]
  active: number
  listId: string
  optionId(index: number): string
  /** Look again: the text or the caret changed. */
  look(text: string, caret: number): void
  close(): void
  move(step: 1 | -1): void
  /** The text with the chosen words in it, and where the caret goes. */
  take(text: string, caret: number, index?: number): { value: string; caret: number } | null
}

/** State of the list over the composer: people, emoji, commands. */
export function useCompletionBox(): CompletionBox {
  const engine = useEngine()
  const { completers } = useComposerParts()
  const { roomId, threadId, myId } = usePane()
  const listId = useId()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [options, setOptions] = useState<readonly Completion[]>([])
  const [active, setActive] = useState(0)
  /** Only the newest question may be answered late. */
  const question = useRef(0)
  const close = () => {
    question.current += 1
    setAsked(null)
  }
  const look = (text: string, caret: number) => {
    question.current += 1
    const number = question.current
    const found = askedAt([mentionCompleter(engine), ...completers], text, caret)
    setAsked(found)
    if (!found) return
    const place = { roomId, threadId, myId }
    const first = found.completer.find(found.query, place)
    setOptions(first)
    setActive(0)
    void found.completer.more?.(found.query, place).then(
      (more) => {
        const known = new Set(first.map((one) => one.id))
        if (question.current === number)
          setOptions([...first, ...more.filter((one) => !known.has(one.id))])
      },
      () => {}, // what could not be fetched is not offered
    )
  }
  return {
    open: asked !== null && options.length > 0,
    label: asked?.completer.label() ?? '',
    options,
    active,
    listId,
    optionId: (index) => `${listId}-${index}`,
    look,
    close,
    move: (step) => setActive((index) => (index + step + options.length) % options.length),
    take: (text, caret, index = active) => {
      const option = options[index]
      if (!asked || !option) return null
      close()
      return completed(text, caret, asked.from, option.insert)
    },
  }
}
