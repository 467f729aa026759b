import type { ReactNode } from 'react'
import type { Message } from '@/wire/messages'
import type { Calls } from './inline-text'
import { Markdown } from './markdown'
import { useCalls } from './use-calls'

const nobody: Calls = new Map()

interface MessageTextProps {
  text: string
  /** Null while it is on its way: whom it calls is the server's to say. */
  message: Message | null
  after?: ReactNode
}

/** The words of a message, with the names it calls. */
export function MessageText({ text, message, after }: MessageTextProps) {
  return message && callsAnybody(message) ? (
    <Calling text={text} message={message} after={after} />
  ) : (
    <Markdown text={text} calls={nobody} after={after} />
  )
}

const callsAnybody = ({ mentions, mentions_room, here }: Message) =>
  mentions_room || mentions.length > 0 || here.length > 0

function Calling({ text, message, after }: MessageTextProps & { message: Message }) {
  return <Markdown text={text} calls={useCalls(text, message)} after={after} />
}
