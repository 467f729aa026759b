import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Banner } from '@/ui/Banner'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextField } from '@/ui/TextField'
import type { Device } from '@/wire/accounts'
import { renameDeviceLimits } from '@/wire/limits'
import { renameDevice } from '../api'
import { checkField, onlyWrong, useForm } from '../form-errors'
import { devicesQuery } from '../queries'

/** Two laptops of one make are told apart by the name their owner gives them. */
export function RenameDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const [name, setName] = useState(device.name)
  const { fields, problem, busy, submit } = useForm()
  const queries = useQueryClient()
  const form = useId()
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const wrong = onlyWrong({ name: checkField(name.trim(), renameDeviceLimits.name) })
    const done = await submit(wrong, async () => {
      await renameDevice(device.id, name.trim())
      await queries.invalidateQueries(devicesQuery)
    })
    if (done) onClose()
  }
  return (
    <Dialog
      size="small"
      title={m.accounts_rename_title()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button type="submit" form={form} tone="primary" busy={busy}>
            {m.accounts_save()}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => void send(event)}
        noValidate
      >
        {problem && <Banner tone="danger">{problem}</Banner>}
        <TextField
          autoFocus
          label={m.accounts_device_name()}
          hint={m.accounts_device_name_hint()}
          value={name}
          error={fields.name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
