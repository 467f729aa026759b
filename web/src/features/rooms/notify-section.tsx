import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { Select } from '@/ui/Select'
import type { Level } from '@/wire/preferences'
import { arrange } from './preferences-api'

const hints: Record<Level, () => string> = {
  everything: m.life_level_everything_hint,
  mentions: m.life_level_mentions_hint,
  nothing: m.life_level_nothing_hint,
}

/** In my settings: how rooms may call me that have no rule of their own. */
export function NotifySection() {
  const level = useSync((state) => state.own.arrangement.default_level)
  return (
    <div className="flex flex-col gap-5">
      <p className="text-muted">{m.admin_notify_lead()}</p>
      <Select<Level>
        label={m.admin_notify_level()}
        hint={hints[level]()}
        value={level}
        options={[
          { value: 'everything', label: m.life_level_everything() },
          { value: 'mentions', label: m.life_level_mentions() },
          { value: 'nothing', label: m.life_level_nothing() },
        ]}
        onChange={(value) => void arrange({ default_level: value })}
      />
    </div>
  )
}
