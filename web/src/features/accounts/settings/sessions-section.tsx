import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { LaptopIcon, PencilIcon, SmartphoneIcon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull, formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { AlertDialog } from '@/ui/AlertDialog'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { ErrorState } from '@/ui/ErrorState'
import { IconButton } from '@/ui/IconButton'
import { Skeleton } from '@/ui/Skeleton'
import { toast } from '@/ui/toasts'
import type { Device } from '@/wire/accounts'
import { signOut } from '../actions'
import { signOutDevice, signOutOthers } from '../api'
import { devicesQuery } from '../queries'
import { RenameDialog } from './rename-dialog'

type Asking = { what: 'one'; device: Device } | { what: 'others' } | null

export function SessionsSection() {
  const { data, error, isPending, refetch } = useQuery(devicesQuery)
  const [asking, setAsking] = useState<Asking>(null)
  const [renaming, setRenaming] = useState<Device | null>(null)
  const end = useEndSession()
  if (error) {
    return (
      <ErrorState
        title={m.accounts_sessions_failed()}
        text={errorText(error)}
        retry={() => void refetch()}
      />
    )
  }
  const devices = [...(data?.devices ?? [])].sort(byUse)
  return (
    <div className="flex flex-col gap-6">
      <p className="text-muted">{m.accounts_sessions_lead()}</p>
      {isPending && <Skeleton className="h-32 w-full" />}
      <ul className="flex flex-col">
        {devices.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            rename={() => setRenaming(device)}
            signOut={() => {
              if (device.current) void signOut().catch(tell)
              else setAsking({ what: 'one', device })
            }}
          />
        ))}
      </ul>
      {devices.length > 1 && (
        <Button className="self-start" onClick={() => setAsking({ what: 'others' })}>
          {m.accounts_sign_out_others()}
        </Button>
      )}
      {renaming && <RenameDialog device={renaming} onClose={() => setRenaming(null)} />}
      {asking && (
        <AlertDialog
          title={
            asking.what === 'one'
              ? m.accounts_end_session_title({ name: asking.device.name })
              : m.accounts_sign_out_others_title()
          }
          description={
            asking.what === 'one'
              ? m.accounts_end_session_text()
              : m.accounts_sign_out_others_text()
          }
          action={m.accounts_sign_out()}
          onClose={() => setAsking(null)}
          onConfirm={() =>
            end.mutateAsync(asking.what === 'one' ? asking.device.id : null).catch(tell)
          }
        />
      )}
    </div>
  )
}

const tell = (error: unknown) => {
  toast(errorText(error), { tone: 'danger' })
}

/** `null` ends all but this one. */
function useEndSession() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string | null) => (id ? signOutDevice(id) : signOutOthers()),
    onSuccess: () => queries.invalidateQueries(devicesQuery),
  })
}

/** This device first, then the most recently used. */
function byUse(a: Device, b: Device): number {
  return Number(b.current) - Number(a.current) || b.last_seen_at.localeCompare(a.last_seen_at)
}

interface DeviceRowProps {
  device: Device
  rename: () => void
  signOut: () => void
}

function DeviceRow({ device, rename, signOut }: DeviceRowProps) {
  const Icon = /android|ios|iphone|ipad|mobile/i.test(device.platform) ? SmartphoneIcon : LaptopIcon
  return (
    <li className="flex items-center gap-2 border-b wide:gap-4 border-line py-3 last:border-0">
      <span className="grid size-10 shrink-0 place-items-center rounded-control bg-sunken text-muted">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-x-2 font-semibold">
          <span className="truncate" dir="auto">
            {device.name}
          </span>
          {device.current && <Badge tone="quiet">{m.accounts_this_device()}</Badge>}
        </p>
        <p className="text-small text-muted">
          {device.current ? (
            m.accounts_device_now()
          ) : (
            <time dateTime={device.last_seen_at} title={formatFull(device.last_seen_at)}>
              {m.accounts_device_seen({ when: formatRelative(device.last_seen_at, new Date()) })}
            </time>
          )}
          {' · '}
          {m.accounts_device_since({
            when: formatRelative(device.created_at, new Date()),
          })}
        </p>
      </div>
      <IconButton
        size="small"
        label={m.accounts_rename({ name: device.name })}
        icon={<PencilIcon aria-hidden="true" />}
        onClick={rename}
      />
      <Button size="small" tone="quiet" onClick={signOut}>
        {m.accounts_sign_out()}
      </Button>
    </li>
  )
}
