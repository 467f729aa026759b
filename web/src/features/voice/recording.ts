import { clockTime } from '@/i18n/clock-time'
import { m } from '@/i18n/paraglide/messages.js'
import type { Uploads } from '@/lib/uploads'
import type { Engine } from '@/sync/engine'
import { toast } from '@/ui/toasts'
import {
  LONGEST_MS,
  type Microphone,
  mayRecord,
  openMicrophone,
  record,
  whyNot,
} from './microphone'
import { keepRecording } from './own-recordings'
import { changeRecording, type Recording, type Take, useRecording } from './recording-state'

/** Shorter than this is a slip of the finger. */
const SLIP_MS = 600
/** Longer than this is not thrown away without a way back. */
const DEAR_MS = 3_000

let microphone: Microphone | null = null

const now = () => useRecording.getState().now

/** Asks for the microphone and begins. Where another recording waits, it says so. */
export async function begin(roomId: string, threadId: string | null, held: boolean): Promise<void> {
  const before = now()
  if (before && before.phase !== 'refused') {
    toast(m.voice_elsewhere(), { tone: 'danger' })
    return
  }
  const fresh: Recording = {
    roomId,
    threadId,
    phase: 'asking',
    held,
    away: false,
    duration_ms: 0,
    wave: [],
    why: null,
    notice: null,
    take: null,
  }
  useRecording.setState({ now: fresh })
  if (!mayRecord()) return refuse('insecure')
  let stream: MediaStream
  try {
    stream = await openMicrophone()
  } catch (error) {
    refuse(whyNot(error))
    return
  }
  if (now()?.phase !== 'asking') {
    for (const track of stream.getTracks()) track.stop()
    return
  }
  try {
    microphone = record(stream, {
      tick: (duration_ms, wave) => changeRecording({ duration_ms, wave }),
      over: (notice) => void finish().then(() => changeRecording({ notice })),
    })
    changeRecording({ phase: 'recording' })
    addEventListener('beforeunload', warn)
  } catch {
    for (const track of stream.getTracks()) track.stop()
    refuse('failed')
  }
}

const refuse = (why: Recording['why']) => changeRecording({ phase: 'refused', held: false, why })

/** The page goes away with something in it that nobody has yet. */
const warn = (event: BeforeUnloadEvent) => event.preventDefault()

export function pause(): void {
  if (now()?.phase !== 'recording') return
  microphone?.pause()
  changeRecording({ phase: 'paused', held: false })
}

export function goOn(): void {
  if (now()?.phase !== 'paused') return
  microphone?.resume()
  changeRecording({ phase: 'recording' })
}

/** Ends it, to be heard before it is sent. */
export async function finish(): Promise<Take | null> {
  const held = now()
  if (!held || held.take) return held?.take ?? null
  const ending = microphone
  microphone = null
  const take = (await ending?.stop()) ?? null
  if (take) changeRecording({ phase: 'recorded', held: false, take, duration_ms: take.duration_ms })
  else if (ending) refuse('failed')
  return take
}

/** Throws it away; what lasted longer can be had back for a moment. */
export async function discard(): Promise<void> {
  const held = now()
  if (!held) return
  const take = held.phase !== 'refused' && held.duration_ms > DEAR_MS ? await finish() : null
  end()
  if (!take) return
  const back: Recording = { ...held, phase: 'recorded', held: false, away: false, take }
  toast(m.voice_discarded(), {
    action: {
      label: m.voice_undo(),
      run: () => {
        if (!now()) useRecording.setState({ now: back })
      },
    },
  })
}

function end(): void {
  microphone?.close()
  microphone = null
  removeEventListener('beforeunload', warn)
  useRecording.setState({ now: null })
}

/** Hands it to the outbox: from there it is sent like words, now or when the server is back. */
export async function send(
  engine: Engine,
  open: () => Promise<Uploads>,
  replyTo: string | null,
): Promise<boolean> {
  const take = await finish()
  const held = now()
  if (!take || !held) return false
  if (take.duration_ms < SLIP_MS) {
    end()
    toast(m.voice_too_short())
    return false
  }
  const { blob, duration_ms, waveform } = take
  let uploads: Uploads
  try {
    uploads = await open()
  } catch {
    toast(m.files_no_client(), { tone: 'danger' })
    return false
  }
  const file = new File([blob], nameOf(blob.type), { type: blob.type })
  const upload = uploads.add(held.roomId, file)
  keepRecording(upload, blob)
  engine.words.speak(held.roomId, replyTo, held.threadId, {
    upload,
    file_id: null,
    alt: '',
    name: file.name,
    size: file.size,
    media_type: file.type,
    voice: { duration_ms, waveform },
  })
  end()
  return true
}

/** "voice-2026-11-21-1430.webm": what it is called where it is saved. */
function nameOf(type: string): string {
  const at = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const ending = type.includes('mp4') ? 'm4a' : type.includes('ogg') ? 'ogg' : 'webm'
  return `voice-${day}-${two(at.getHours())}${two(at.getMinutes())}.${ending}`
}

export const longestText = () => m.voice_longest({ time: clockTime(LONGEST_MS) })
