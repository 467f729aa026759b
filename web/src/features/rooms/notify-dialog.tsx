import { m } from '@/i18n/paraglide/messages.js'
import { formatUntil } from '@/i18n/until'
import { isMuted } from '@/sync/attention'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Select } from '@/ui/Select'
import type { Level } from '@/wire/preferences'
import type { RoomSnapshot } from '@/wire/sync'
import { changePreferences } from './preferences-api'

const HOUR = 3_600_000

type Mute = 'off' | 'kept' | 'hour' | 'day' | 'week' | 'ever'

/** Eight in the morning of the next day, here. */
function tomorrow(): Date {
  const at = new Date()
  at.setDate(at.getDate() + 1)
  at.setHours(8, 0, 0, 0)
  return at
}

const until: Record<'hour' | 'day' | 'week', () => Date> = {
  hour: () => new Date(Date.now() + HOUR),
  day: tomorrow,
  week: () => new Date(Date.now() + 7 * 24 * HOUR),
}

interface NotifyDialogProps {
  room: RoomSnapshot
  title: string
  onClose: () => void
}

/** How a room may call me. Each choice holds at once, on every device of mine. */
export function NotifyDialog({ room, title, onClose }: NotifyDialogProps) {
  const { id } = room.room
  const { preferences } = room.me
  const change = (body: Parameters<typeof changePreferences>[1]) => void changePreferences(id, body)
  const muted = isMuted(preferences, Date.now())
  const kept = muted && preferences.muted_until
  const mute = (value: Mute) => {
    if (value === 'kept') return
    if (value === 'off') change({ muted: false })
    else if (value === 'ever') change({ muted: true })
    else change({ muted: true, muted_until: until[value]().toISOString() })
  }
  const levels: { value: Level | 'default'; label: string }[] = [
    { value: 'default', label: m.life_level_default() },
    { value: 'everything', label: m.life_level_everything() },
    { value: 'mentions', label: m.life_level_mentions() },
    { value: 'nothing', label: m.life_level_nothing() },
  ]
  const hints: Record<Level | 'default', () => string> = {
    default: m.life_level_default_hint,
    everything: m.life_level_everything_hint,
    mentions: m.life_level_mentions_hint,
    nothing: m.life_level_nothing_hint,
  }
  const level = preferences.level ?? 'default'
  return (
    <Dialog
      size="small"
      title={m.life_notify_title({ room: title })}
      onClose={onClose}
      footer={
        <Button tone="primary" onClick={onClose}>
          {m.life_done()}
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <Select
          label={m.life_level()}
          hint={hints[level]()}
          value={level}
          options={levels}
          onChange={(value) => change({ level: value === 'default' ? null : value })}
        />
        <Select<Mute>
          label={m.life_mute()}
          value={kept ? 'kept' : muted ? 'ever' : 'off'}
          options={[
            { value: 'off', label: m.life_mute_off() },
            ...(kept
              ? [
                  {
                    value: 'kept' as const,
                    label: m.life_muted_until({ time: formatUntil(kept) }),
                  },
                ]
              : []),
            { value: 'hour', label: m.life_mute_hour() },
            { value: 'day', label: m.life_mute_day() },
            { value: 'week', label: m.life_mute_week() },
            { value: 'ever', label: m.life_mute_ever() },
          ]}
          onChange={mute}
        />
      </div>
    </Dialog>
  )
}
