import { MicIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowPart } from '@/lib/row-parts'

/** Somebody speaking. Its sound comes with files; until then its length, shape and words. */
export function VoiceBody({ message }: RowPart) {
  if (message.body.kind !== 'voice') return null
  const { duration_ms, waveform, file_id, text } = message.body
  const seconds = Math.round(duration_ms / 1000)
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <figure className="my-1 w-fit max-w-full rounded-card border border-line bg-raised px-3 py-2">
      <div className="flex items-center gap-3">
        <MicIcon className="size-5 shrink-0 text-muted" aria-hidden="true" />
        <span className="flex h-8 items-center gap-0.5" aria-hidden="true">
          {waveform.slice(0, 64).map((loud, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a step of the wave has no other name
              key={index}
              className="w-0.5 rounded-full bg-line-strong"
              style={{ height: `${Math.max(8, Math.min(100, loud))}%` }}
            />
          ))}
        </span>
        <span className="text-small tabular-nums">
          <span className="sr-only">{m.voice_length({ time })}</span>
          <span aria-hidden="true">{time}</span>
        </span>
      </div>
      {file_id === null && (
        <figcaption className="mt-1 text-small text-muted">{m.voice_missing()}</figcaption>
      )}
      {text && <blockquote className="mt-1 text-small">{text}</blockquote>}
    </figure>
  )
}
