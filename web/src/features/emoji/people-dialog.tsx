import { useEffect, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { Spinner } from '@/ui/Spinner'
import type { Reactor, ReactorList } from '@/wire/reactions'
import type { TimelineMessage } from '@/wire/timeline'

/** Who reacted to a message, in the order they did. */
export function PeopleDialog({ message, close }: { message: TimelineMessage; close: () => void }) {
  const [people, setPeople] = useState<readonly Reactor[]>([])
  const [next, setNext] = useState<string | null>('')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(true)
  const path = `rooms/${message.room_id}/messages/${message.id}/reactions`
  const load = async (cursor: string | null, signal?: AbortSignal) => {
    setBusy(true)
    try {
      const page = await http<ReactorList>('GET', path, {
        query: { cursor: cursor || null },
        ...(signal && { signal }),
      })
      setPeople((known) => (cursor ? [...known, ...page.reactors] : page.reactors))
      setNext(page.next)
    } catch (refusal) {
      if (!signal?.aborted) setError(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each message
  useEffect(() => {
    const abort = new AbortController()
    void load(null, abort.signal)
    return () => abort.abort()
  }, [path])
  return (
    <Dialog size="small" title={m.reactions_people()} onClose={close}>
      <ul className="flex flex-col gap-1">
        {people.map(({ account, emoji }) => (
          <li key={`${account.id} ${emoji}`} className="flex items-center gap-3 py-1">
            <Avatar name={account.display_name} hue={account.hue} />
            <span className="min-w-0 grow truncate" dir="auto">
              {account.display_name}
            </span>
            <EmojiGlyph emoji={emoji} className="text-lead" />
          </li>
        ))}
      </ul>
      {error && <p className="text-danger-ink">{error}</p>}
      {busy && <Spinner />}
      {!busy && next && (
        <Button size="small" onClick={() => void load(next)}>
          {m.reactions_more()}
        </Button>
      )}
    </Dialog>
  )
}
