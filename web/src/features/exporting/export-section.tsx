import { DownloadIcon, Trash2Icon } from 'lucide-react'
import { useId, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { getLocale } from '@/i18n/paraglide/runtime.js'
import { Button } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { IconButton } from '@/ui/IconButton'
import { Select } from '@/ui/Select'
import type { Export, Format } from '@/wire/exporting'
import { ask, download, remove, useExports } from './use-exports'

/** Asks for a file of a room (or of everything that is mine), shows how far it is, hands it over. */
export function ExportSection({ roomId }: { roomId: string | null }) {
  const { exports, load } = useExports(roomId)
  const [format, setFormat] = useState<Format>('html')
  const [files, setFiles] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const run = async (task: () => Promise<unknown>) => {
    setBusy(true)
    setError(null)
    try {
      await task()
      await load()
    } catch (refusal) {
      setError(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">{roomId ? m.exporting_room_hint() : m.exporting_account_hint()}</p>
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label={m.exporting_format()}
          value={format}
          options={[
            { value: 'html', label: m.exporting_format_html() },
            { value: 'json', label: m.exporting_format_json() },
          ]}
          onChange={(value) => setFormat(value as Format)}
        />
        <Button busy={busy} onClick={() => void run(() => ask({ room_id: roomId, format, files }))}>
          {m.exporting_start()}
        </Button>
      </div>
      <Checkbox
        label={m.exporting_with_files()}
        hint={m.exporting_with_files_hint()}
        checked={files}
        onChange={(event) => setFiles(event.target.checked)}
      />
      {error && (
        <p role="alert" className="text-danger-ink">
          {error}
        </p>
      )}
      {exports.length > 0 && (
        <ul className="flex flex-col divide-y divide-line border-y border-line">
          {exports.map((one) => (
            <Row key={one.id} one={one} run={run} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Row({ one, run }: { one: Export; run: (task: () => Promise<unknown>) => Promise<void> }) {
  const label = useId()
  const asked = new Date(one.asked_at).toLocaleString(getLocale(), {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 grow">
        <p id={label} className="truncate">
          {one.file_name ?? `${one.format.toUpperCase()} · ${asked}`}
        </p>
        <State one={one} label={label} />
      </div>
      {one.state === 'done' && (
        <IconButton
          label={m.exporting_download({ name: one.file_name ?? '' })}
          icon={<DownloadIcon aria-hidden="true" />}
          onClick={() => void run(() => download(one.id))}
        />
      )}
      <IconButton
        label={
          one.state === 'waiting' || one.state === 'running'
            ? m.exporting_stop()
            : m.exporting_delete()
        }
        icon={<Trash2Icon aria-hidden="true" />}
        onClick={() => void run(() => remove(one.id))}
      />
    </li>
  )
}

function State({ one, label }: { one: Export; label: string }) {
  if (one.state === 'failed') {
    return <p className="text-small text-danger-ink">{one.problem ?? m.exporting_failed()}</p>
  }
  if (one.state === 'done') {
    const gone = new Date(one.expires_at ?? '').toLocaleDateString(getLocale())
    return (
      <p className="text-small text-muted">
        {m.exporting_ready({ size: bytes(one.size ?? 0), date: gone })}
      </p>
    )
  }
  if (one.state === 'waiting')
    return <p className="text-small text-muted">{m.exporting_waiting()}</p>
  return (
    <progress
      aria-labelledby={label}
      className="mt-1 h-1.5 w-full overflow-hidden rounded-full accent-accent"
      max={Math.max(one.total, 1)}
      value={one.done}
    />
  )
}

function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(size, 1)) / 3))
  return new Intl.NumberFormat(getLocale(), {
    style: 'unit',
    unit: units[at] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(size / 1000 ** at)
}
