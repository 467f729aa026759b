import { m } from '@/i18n/paraglide/messages.js'
import { contentUrl } from '@/lib/files'
import type { Held } from '@/sync/beside'
import type { Engine } from '@/sync/engine'
import { roomTitle } from '@/sync/naming'
import type { VoiceBody } from '@/wire/messages'
import type { TimelineMessage } from '@/wire/timeline'
import { listened } from './listened'
import { urlOfFile } from './own-recordings'
import type { Track } from './playing'

/** Why a recording does not sound; null where it does. */
export type Silence = 'missing' | 'checking' | 'infected' | 'damaged'

/** What its file says beats what its sender said: the server looked inside. */
export interface Recorded {
  duration_ms: number
  waveform: readonly number[]
  src: string | null
  silence: Silence | null
}

type Said = Pick<TimelineMessage, 'id' | 'room_id' | 'files'> & { body: VoiceBody }

export function recordedOf({ room_id, body, files }: Said): Recorded {
  const { file_id } = body
  const file = files.find((one) => one.id === file_id)
  const look = file?.look
  const length = look?.duration_ms || body.duration_ms
  const waveform = look?.waveform.length ? look.waveform : body.waveform
  const told = { duration_ms: length, waveform }
  if (file_id === null || !file) return { ...told, src: null, silence: 'missing' }
  const own = urlOfFile(file_id)
  if (file.state === 'infected') return { ...told, src: null, silence: 'infected' }
  if (file.state === 'checking') return { ...told, src: own, silence: own ? null : 'checking' }
  if (file.state === 'failed' || !/^(audio|video)\//.test(file.media_type))
    return { ...told, src: null, silence: 'damaged' }
  return { ...told, src: own ?? contentUrl(room_id, file_id), silence: null }
}

/** The message as something to be heard; null where it cannot be. */
export function trackOf(
  engine: Engine,
  message: TimelineMessage,
  threadId: string | null,
): Track | null {
  if (message.body.kind !== 'voice') return null
  const { src, duration_ms } = recordedOf({ ...message, body: message.body })
  if (src === null) return null
  const { people, rooms, account } = engine.store.getState()
  const room = rooms[message.room_id]
  const isMine = message.author_id === account?.id
  return {
    key: message.id,
    src,
    duration_ms,
    title: people[message.author_id]?.display_name ?? m.messages_somebody(),
    artist: room ? roomTitle(room, account?.id ?? null) : '',
    started: () => {
      if (!isMine) listened(engine, message.room_id, message.id)
    },
    next: () => {
      const after = nextOf(engine, message, threadId)
      return after && trackOf(engine, after, threadId)
    },
  }
}

/** Of those that follow in the talk, the first of another that I have not heard. */
function nextOf(engine: Engine, message: TimelineMessage, threadId: string | null): Held | null {
  const { timelines, account } = engine.store.getState()
  const talk = timelines[threadId ?? message.room_id]?.messages ?? []
  const follows = (one: Held) =>
    one.seq > message.seq &&
    one.body.kind === 'voice' &&
    !one.listened &&
    one.author_id !== account?.id
  return talk.find(follows) ?? null
}
