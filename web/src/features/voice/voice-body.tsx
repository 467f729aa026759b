import { CircleAlertIcon, DownloadIcon, MicIcon } from 'lucide-react'
import { formatList } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { contentUrl } from '@/lib/files'
import type { RowPart } from '@/lib/row-parts'
import { useEngine, usePerson, useSync } from '@/sync/react'
import type { VoiceBody as Body } from '@/wire/messages'
import { type Track, usePlaying } from './playing'
import { Sound } from './sound'
import { recordedOf, type Silence, trackOf } from './tracks'

/** Somebody speaking. */
export function VoiceBody({ message, myId, threadId }: RowPart) {
  const { body } = message
  return body.kind === 'voice' ? (
    <Voice message={message} body={body} myId={myId} threadId={threadId} />
  ) : null
}

type VoiceProps = Pick<RowPart, 'message' | 'myId' | 'threadId'> & { body: Body }

function Voice({ message, body, myId, threadId }: VoiceProps) {
  const engine = useEngine()
  const author = usePerson(message.author_id)
  const name = author?.display_name ?? m.messages_somebody()
  const { duration_ms, waveform, silence } = recordedOf({ ...message, body })
  const track: Track = trackOf(engine, message, threadId) ?? {
    key: message.id,
    src: '',
    title: name,
    artist: '',
    duration_ms,
  }
  const failed = usePlaying((state) => state.key === message.id && state.is === 'failed')
  const isMine = message.author_id === myId
  return (
    <figure className="my-1 w-96 max-w-full rounded-card border border-line bg-raised px-3 py-2">
      <div className="flex items-center gap-2">
        <Sound
          track={track}
          wave={waveform}
          label={m.voice_play({ name })}
          disabled={silence !== null}
        />
        {isMine ? <HeardMark message={message} /> : <UnplayedMark message={message} />}
      </div>
      {silence && <Silent why={silence} />}
      {failed && !silence && body.file_id && (
        <Unplayable roomId={message.room_id} fileId={body.file_id} />
      )}
      {body.text && (
        <figcaption className="mt-1.5 border-s-2 border-line ps-2 text-small" dir="auto">
          {body.text}
        </figcaption>
      )}
    </figure>
  )
}

const silences: Record<Silence, () => string> = {
  missing: m.voice_missing,
  checking: m.voice_checking,
  infected: m.voice_infected,
  damaged: m.voice_damaged,
}

function Silent({ why }: { why: Silence }) {
  return (
    <p className="mt-1 flex items-center gap-1.5 text-small text-muted">
      {why !== 'checking' && <CircleAlertIcon aria-hidden="true" className="size-4 shrink-0" />}
      {silences[why]()}
    </p>
  )
}

function Unplayable({ roomId, fileId }: { roomId: string; fileId: string }) {
  return (
    <p role="alert" className="mt-1 flex items-center gap-1.5 text-small text-muted">
      <CircleAlertIcon aria-hidden="true" className="size-4 shrink-0" />
      {m.voice_unplayable()}
      <a
        className="inline-flex items-center gap-1 text-accent-ink underline"
        href={`${contentUrl(roomId, fileId)}?download`}
        download
      >
        <DownloadIcon aria-hidden="true" className="size-4" />
        {m.voice_download()}
      </a>
    </p>
  )
}

function UnplayedMark({ message }: Pick<RowPart, 'message'>) {
  if (message.listened || message.body.kind !== 'voice' || message.body.file_id === null)
    return null
  return (
    <span
      role="img"
      aria-label={m.voice_unplayed()}
      title={m.voice_unplayed()}
      className="size-2 shrink-0 rounded-full bg-accent"
    />
  )
}

const NAMED = 3

/** Somebody played mine: who, by name as far as that is told. */
function HeardMark({ message: { listens } }: Pick<RowPart, 'message'>) {
  const people = useSync((state) => state.people)
  if (!listens) return null
  const names = listens.people
    .slice(0, NAMED)
    .map((id) => people[id]?.display_name ?? m.messages_somebody())
  const label =
    listens.count > names.length
      ? m.voice_heard_more({ names: names.join(', ') })
      : m.voice_heard_by({ names: formatList(names) })
  return (
    <span role="img" aria-label={label} title={label} className="shrink-0 text-live-ink">
      <MicIcon aria-hidden="true" className="size-4" />
    </span>
  )
}
