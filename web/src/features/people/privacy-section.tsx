import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { Switch } from '@/ui/Checkbox'
import { Select } from '@/ui/Select'
import type { Audience, ChangePrivacy } from '@/wire/people'
import * as api from './api'
import { useAct } from './use-act'

/** Who may reach me, and what I show; what is shown here is what the server holds. */
export function PrivacySection() {
  const privacy = useSync((state) => state.own.circle.privacy)
  const { busy, act } = useAct()
  const set = (change: ChangePrivacy) => void act(() => api.changePrivacy(change))
  const audiences: { value: Audience; label: string }[] = [
    { value: 'everyone', label: m.people_everyone() },
    { value: 'shared', label: m.people_shared() },
    { value: 'contacts', label: m.people_only_contacts() },
  ]
  return (
    <div className="flex flex-col gap-6">
      <p className="text-muted">{m.people_privacy_lead()}</p>
      <Select
        label={m.people_may_message()}
        hint={m.people_may_message_hint()}
        value={privacy.may_message}
        options={audiences}
        disabled={busy}
        onChange={(may_message) => set({ may_message })}
      />
      <Select
        label={m.people_may_add()}
        value={privacy.may_add}
        options={audiences}
        disabled={busy}
        onChange={(may_add) => set({ may_add })}
      />
      <Select
        label={m.people_may_find()}
        value={privacy.may_find}
        options={audiences}
        disabled={busy}
        onChange={(may_find) => set({ may_find })}
      />
      <div>
        <Switch
          label={m.people_hide_receipts()}
          hint={m.people_hide_receipts_hint()}
          checked={privacy.hide_receipts}
          disabled={busy}
          onChange={(event) => set({ hide_receipts: event.target.checked })}
        />
        <Switch
          label={m.people_hide_last_seen()}
          hint={m.people_hide_last_seen_hint()}
          checked={privacy.hide_last_seen}
          disabled={busy}
          onChange={(event) => set({ hide_last_seen: event.target.checked })}
        />
      </div>
    </div>
  )
}
