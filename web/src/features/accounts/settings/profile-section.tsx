import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { signedIn, useMe } from '@/lib/session'
import { Avatar } from '@/ui/Avatar'
import { Banner } from '@/ui/Banner'
import { TextField } from '@/ui/TextField'
import type { ChangeProfile } from '@/wire/accounts'
import { changeProfileLimits } from '@/wire/limits'
import { changeProfile } from '../api'
import { checkField, onlyWrong } from '../form-errors'
import { FaceForm } from './face-form'
import { HueSlider } from './hue-slider'
import { SavedNote, useAutosave } from './saved-note'

export function ProfileSection() {
  const me = useMe()
  const [name, setName] = useState(me.display_name)
  const [status, setStatus] = useState(me.status_text)
  const [hue, setHue] = useState(me.hue)
  const { fields, problem, busy, saved, save } = useAutosave()

  const send = (change: ChangeProfile) => {
    const wrong = onlyWrong({
      display_name: checkField(name.trim(), changeProfileLimits.display_name),
      status_text: checkField(status.trim(), changeProfileLimits.status_text),
    })
    void save(wrong, async () => signedIn(await changeProfile(change)))
  }
  const saveName = () => {
    if (name.trim() !== me.display_name) send({ display_name: name.trim() })
  }
  const saveStatus = () => {
    if (status.trim() !== me.status_text) send({ status_text: status.trim() })
  }
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        saveName()
        saveStatus()
      }}
    >
      <div className="flex items-center gap-5 rounded-card bg-sunken p-5">
        <Avatar name={name || me.username} hue={hue} of={me} size="huge" />
        <div className="min-w-0">
          <p className="truncate font-serif text-title" dir="auto">
            {name || me.username}
          </p>
          <p className="text-muted">@{me.username}</p>
          {status && (
            <p className="mt-1 truncate" dir="auto">
              {status}
            </p>
          )}
          <FaceForm />
        </div>
      </div>
      {problem && <Banner tone="danger">{problem}</Banner>}
      <TextField
        label={m.accounts_display_name()}
        hint={m.accounts_display_name_hint()}
        autoComplete="name"
        value={name}
        error={fields.display_name}
        onChange={(event) => setName(event.target.value)}
        onBlur={saveName}
      />
      <TextField
        label={m.accounts_status()}
        hint={m.accounts_status_hint()}
        value={status}
        error={fields.status_text}
        onChange={(event) => setStatus(event.target.value)}
        onBlur={saveStatus}
      />
      <HueSlider
        label={m.accounts_hue()}
        value={hue}
        onChange={setHue}
        onCommit={(value) => {
          if (value !== me.hue) send({ hue: value })
        }}
      />
      {/* Enter in any field saves; the button is for those who look for one. */}
      <button type="submit" className="sr-only">
        {m.accounts_save()}
      </button>
      <SavedNote busy={busy} saved={saved} />
    </form>
  )
}
