import { useEffect, useState } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import type { State } from '@/sync/state'
import type { Message } from '@/wire/messages'
import { oneLine } from './quote'

/** More than one message in this time is told as a number: a flood read aloud tells nothing. */
const BATCH_MS = 2_000

/** Long enough to be heard; afterwards it would only be found a second time beside the message. */
const SAID_FOR_MS = 1_500

/** Says what others write in this room, to those who listen rather than look. */
export function Announcer({ roomId, myId }: { roomId: string; myId: string }) {
  const engine = useEngine()
  const [said, setSaid] = useState('')
  useEffect(() => {
    let fresh: Message[] = []
    let timer: ReturnType<typeof setTimeout> | null = null
    let hush: ReturnType<typeof setTimeout> | undefined
    const tell = () => {
      timer = null
      setSaid(sentence(fresh, engine.store.getState()))
      fresh = []
      clearTimeout(hush)
      hush = setTimeout(() => setSaid(''), SAID_FOR_MS)
    }
    const stop = engine.store.subscribe((now, before) => {
      const news = now.phase === 'live' ? arrived(now, before, roomId, myId) : null
      if (!news) return
      fresh.push(news)
      timer ??= setTimeout(tell, fresh.length > 1 ? BATCH_MS : 300)
    })
    return () => {
      stop()
      if (timer) clearTimeout(timer)
      clearTimeout(hush)
    }
  }, [engine, roomId, myId])
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  )
}

function arrived(now: State, before: State, roomId: string, myId: string): Message | null {
  const last = now.rooms[roomId]?.last_message
  const was = before.rooms[roomId]?.last_message
  if (!last || !was || last.seq <= was.seq) return null
  return last.author_id === myId || bodyLine(last.body) === null ? null : last
}

function sentence(fresh: readonly Message[], state: State): string {
  const [only] = fresh
  const line = only && bodyLine(only.body)
  if (fresh.length !== 1 || !line) return m.messages_n_new({ count: fresh.length })
  const name = state.people[only.author_id]?.display_name ?? m.messages_somebody()
  return m.messages_said({ name, text: oneLine(line).slice(0, 300) })
}
