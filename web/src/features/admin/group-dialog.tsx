import { useQuery } from '@tanstack/react-query'
import { type ComponentType, useState } from 'react'
import { errorText, fieldErrorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { ApiError } from '@/lib/http'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Skeleton } from '@/ui/Skeleton'
import { TextField } from '@/ui/TextField'
import type { Account } from '@/wire/accounts'
import type { Group } from '@/wire/groups'
import { createGroupLimits } from '@/wire/limits'
import * as api from './api'

/** Lent by another feature. */
export type PickPeople = ComponentType<{
  label: string
  picked: readonly Account[]
  onPick: (picked: readonly Account[]) => void
  withMe?: boolean
  unfolded?: boolean
}>

interface GroupDialogProps {
  /** Null: a new one is made. */
  group: Group | null
  PeoplePicker: PickPeople
  saved: () => void
  onClose: () => void
}

/** Name, handle and people of a group, said together. */
export function GroupDialog({ group, PeoplePicker, saved, onClose }: GroupDialogProps) {
  const [name, setName] = useState(group?.name ?? '')
  const [handle, setHandle] = useState(group?.handle ?? '')
  const [picked, setPicked] = useState<readonly Account[] | null>(group ? null : [])
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const detail = useQuery({
    queryKey: ['groups', group?.id],
    queryFn: () => api.group(group?.id ?? ''),
    enabled: group !== null,
    gcTime: 0,
  })
  const people = picked ?? detail.data?.members
  const save = async () => {
    setBusy(true)
    setError(null)
    const body = {
      name: name.trim(),
      handle: handle.trim().replace(/^@/, ''),
      ...(people && { account_ids: people.map((one) => one.id) }),
    }
    try {
      await (group ? api.changeGroup(group.id, body) : api.createGroup(body))
      saved()
      onClose()
    } catch (refusal) {
      setError(refusal)
      setBusy(false)
    }
  }
  const ofHandle = fieldOf(error, 'handle')
  const ready = name.trim() !== '' && handle.trim() !== '' && people !== undefined
  return (
    <Dialog
      title={group ? m.admin_group_change({ name: group.name }) : m.admin_group_new()}
      description={m.admin_group_hint()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="primary" busy={busy} disabled={!ready} onClick={() => void save()}>
            {group ? m.rooms_save() : m.admin_group_make()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField
          label={m.admin_group_name()}
          value={name}
          maxLength={createGroupLimits.name.maxLength}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={m.admin_group_handle()}
          hint={m.admin_group_handle_hint()}
          error={ofHandle}
          value={handle}
          maxLength={createGroupLimits.handle.maxLength}
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setHandle(event.target.value)}
        />
        {people ? (
          <PeoplePicker
            label={m.admin_group_members()}
            picked={people}
            onPick={setPicked}
            withMe
            unfolded
          />
        ) : (
          <Skeleton className="h-16 w-full" />
        )}
        <p role="alert" className="text-small text-danger-ink empty:hidden">
          {detail.isError && errorText(detail.error)}
          {error !== null && !ofHandle && errorText(error)}
        </p>
      </div>
    </Dialog>
  )
}

function fieldOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined
  const found = error.errors.find((one) => one.field === field)
  if (!found) return undefined
  if (found.code === 'taken') return m.admin_group_taken()
  if (found.code === 'reserved') return m.admin_group_reserved()
  return fieldErrorText(found)
}
