import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { TextField } from '@/ui/TextField'
import { makeBotLimits } from '@/wire/limits'
import { makeBot } from './api'
import { FormDialog } from './form-dialog'
import { wrongField } from './words'

export function BotDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [username, setUsername] = useState('')
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () =>
      makeBot({ username: username.trim(), display_name: name.trim() || username.trim() }),
  })
  const wrong = {
    username: wrongField(make.error, 'username'),
    name: wrongField(make.error, 'display_name'),
  }
  return (
    <FormDialog
      title={m.bots_new()}
      description={m.bots_none_hint()}
      action={m.bots_make()}
      busy={make.isPending}
      error={make.error && !wrong.username && !wrong.name ? errorText(make.error) : null}
      ready={username.trim().length >= makeBotLimits.username.minLength}
      onSubmit={() => make.mutate(undefined, { onSuccess: onMade })}
      onClose={onClose}
    >
      <TextField
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        label={m.bots_username()}
        error={wrong.username}
        value={username}
        maxLength={makeBotLimits.username.maxLength}
        onChange={(event) => setUsername(event.target.value)}
      />
      <TextField
        autoComplete="off"
        label={m.bots_name()}
        aside={m.ui_optional()}
        hint={m.hooks_in_name_hint()}
        error={wrong.name}
        value={name}
        maxLength={makeBotLimits.display_name.maxLength}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}
