import { MicIcon } from 'lucide-react'
import { useRef } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { ComposerPart } from '@/lib/composer-parts'
import { later, PART_MISSING } from '@/lib/later'
import { useUploads } from '@/lib/uploads'
import { useEngine } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import { changeRecording, useRecording } from './recording-state'

const recording = () => import('./recording')

/** Let go sooner, and it was a click: it goes on recording without the finger. */
const CLICK_MS = 350
/** So far from where it was pressed, in CSS pixels, letting go throws away. */
const AWAY_PX = 90

/** Hold to speak, or click and speak. While something is written the place is for sending that. */
export function MicButton({ roomId, threadId, text, replyTo, forgetReply }: ComposerPart) {
  const engine = useEngine()
  const uploads = useUploads()
  const pressed = useRef<{ at: number; x: number; y: number } | null>(null)
  const held = useRecording(({ now }) => now?.held === true && isIn(now, roomId, threadId))
  const isHere = useRecording(({ now }) => now !== null && isIn(now, roomId, threadId))
  if ((text.trim() !== '' || isHere) && !held) return null

  // The finger may have gone by the time it can begin.
  const begin = async () => {
    try {
      const open = await recording()
      void open.begin(roomId, threadId, pressed.current !== null)
    } catch {
      dispatchEvent(new Event(PART_MISSING))
      return
    }
    // While somebody speaks: to be sent also where the server is away by then.
    await Promise.allSettled([uploads(), import('./pending-voice')])
  }

  const letGo = (event: React.PointerEvent) => {
    const from = pressed.current
    pressed.current = null
    if (!from) return
    const now = useRecording.getState().now
    if (!now?.held || event.timeStamp - from.at < CLICK_MS || now.phase !== 'recording') {
      changeRecording({ held: false, away: false })
      return
    }
    void recording().then(async (open) => {
      if (now.away) await open.discard()
      else if (await open.send(engine, uploads, replyTo)) forgetReply()
    })
  }

  return (
    <IconButton
      size="small"
      label={m.voice_record()}
      icon={<MicIcon aria-hidden="true" />}
      className={cx('touch-none select-none', held && 'bg-live-soft text-live-ink')}
      onPointerDown={(event) => {
        if (event.button !== 0 || useRecording.getState().now?.phase === 'recorded') return
        event.preventDefault() // the keyboard of a phone stays as it is
        event.currentTarget.setPointerCapture(event.pointerId)
        pressed.current = { at: event.timeStamp, x: event.clientX, y: event.clientY }
        void begin()
      }}
      onPointerMove={(event) => {
        const from = pressed.current
        if (!from) return
        const away = Math.hypot(event.clientX - from.x, event.clientY - from.y) > AWAY_PX
        if (away !== useRecording.getState().now?.away) changeRecording({ away })
      }}
      onPointerUp={letGo}
      // A call came in, or the system took the finger: nothing is lost.
      onPointerCancel={() => {
        pressed.current = null
        changeRecording({ held: false, away: false })
      }}
      onContextMenu={(event) => event.preventDefault()}
      onClick={(event) => {
        if (event.detail === 0) void begin() // by keyboard
      }}
    />
  )
}

const isIn = (
  now: { roomId: string; threadId: string | null },
  roomId: string,
  threadId: string | null,
) => now.roomId === roomId && now.threadId === threadId

const RecorderBar = later<ComposerPart>(async () => (await import('./recorder-bar')).RecorderBar)

/** Over the words, while something is recorded here. */
export function VoiceTray(part: ComposerPart) {
  const isHere = useRecording(({ now }) => now !== null && isIn(now, part.roomId, part.threadId))
  return isHere && <RecorderBar {...part} />
}
