import { type ReactNode, useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useSync } from '@/sync/react'
import type { Message } from '@/wire/messages'
import { roomWords } from './inline-text'
import { Markdown } from './markdown'

const nobody: ReadonlySet<string> = new Set()

interface MessageTextProps {
  text: string
  /** Null while it is on its way: whom it calls is the server's to say. */
  message: Message | null
  after?: ReactNode
}

/** The words of a message, with the names it calls. */
export function MessageText({ text, message, after }: MessageTextProps) {
  const me = useSync((state) => state.account?.username)
  const called = useSync(
    useShallow((state) => (message?.mentions ?? []).map((id) => usernameOf(state, id))),
  )
  const everybody = message?.mentions_room ?? false
  const names = useMemo(() => {
    if (called.length === 0 && !everybody) return nobody
    return new Set([...called, ...(everybody ? roomWords : [])])
  }, [called, everybody])
  return <Markdown text={text} names={names} me={me} after={after} />
}

function usernameOf(state: Parameters<Parameters<typeof useSync>[0]>[0], id: string): string {
  if (state.account?.id === id) return state.account.username
  return state.people[id]?.username ?? ''
}
