import { LayoutGridIcon, ListIcon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { PanelProps } from '@/lib/room-parts'
import { useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { IconButton } from '@/ui/IconButton'
import { More } from '@/ui/More'
import { PanelHead } from '@/ui/PanelHead'
import { Select } from '@/ui/Select'
import { Skeleton } from '@/ui/Skeleton'
import { TextField } from '@/ui/TextField'
import type { Account } from '@/wire/accounts'
import type { FileKind } from '@/wire/files'
import { byMonth, monthTitle } from './months'
import { PanelGrid } from './panel-grid'
import { PanelRow } from './panel-row'
import { type Asked, useRoomFiles } from './room-files'

const nothing: Asked = { kind: null, account_id: null, q: '' }

/** All that was attached to the messages of a room, the newest first. */
export function FilesPanel({ roomId, argument, close }: PanelProps) {
  const [asked, setAsked] = useState(nothing)
  const [asGrid, setAsGrid] = useState(true)
  const { list, files, people } = useRoomFiles(roomId, asked)
  const isGrid = asked.kind === 'picture' && asGrid
  const isAsking = asked.kind !== null || asked.account_id !== null || asked.q !== ''
  return (
    <>
      <PanelHead title={m.files_title()} close={close}>
        {asked.kind === 'picture' && (
          <IconButton
            label={asGrid ? m.files_as_list() : m.files_as_grid()}
            icon={asGrid ? <ListIcon aria-hidden="true" /> : <LayoutGridIcon aria-hidden="true" />}
            onClick={() => setAsGrid(!asGrid)}
          />
        )}
      </PanelHead>
      <Filters
        asked={asked}
        change={(part) => setAsked({ ...asked, ...part })}
        roomId={roomId}
        known={people}
      />
      <div className="min-h-0 grow overflow-y-auto px-3 pb-4" aria-busy={list.isFetching}>
        {list.isPending && <Skeleton className="h-40" />}
        {list.isError && (
          <ErrorState
            title={m.files_panel_failed()}
            text={errorText(list.error)}
            retry={() => void list.refetch()}
          />
        )}
        {list.isSuccess && files.length === 0 && !list.hasNextPage && (
          <EmptyState title={isAsking ? m.files_none_found_title() : m.files_none_title()}>
            {isAsking ? m.files_none_found_text() : m.files_none_text()}
          </EmptyState>
        )}
        {byMonth(files).map(([month, some]) => (
          <section key={month} aria-label={monthTitle(month)}>
            <h3 className="sticky top-0 z-10 bg-paper px-2 pt-3 pb-1.5 text-small font-semibold text-muted">
              {monthTitle(month)}
            </h3>
            {isGrid ? (
              <PanelGrid files={some} />
            ) : (
              <ul className="flex flex-col">
                {some.map((one) => (
                  <PanelRow
                    key={one.id}
                    one={one}
                    author={people.get(one.file.account_id)}
                    lit={one.file.id === argument}
                  />
                ))}
              </ul>
            )}
          </section>
        ))}
        <div className="flex justify-center pt-3">
          <More of={list} />
        </div>
      </div>
    </>
  )
}

const kinds: readonly { value: FileKind | null; label: () => string }[] = [
  { value: null, label: m.files_kind_all },
  { value: 'picture', label: m.files_kind_picture },
  { value: 'film', label: m.files_kind_film },
  { value: 'sound', label: m.files_kind_sound },
  { value: 'document', label: m.files_kind_document },
]

interface FiltersProps {
  roomId: string
  asked: Asked
  change: (part: Partial<Asked>) => void
  known: ReadonlyMap<string, Account>
}

function Filters({ roomId, asked, change, known }: FiltersProps) {
  const people = usePeople(roomId, known)
  return (
    <div className="flex shrink-0 flex-col gap-3 border-b border-line p-4">
      <fieldset className="-mx-1 flex gap-1 overflow-x-auto px-1 py-0.5">
        <legend className="sr-only">{m.files_kind_label()}</legend>
        {kinds.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            aria-pressed={asked.kind === value}
            onClick={() => change({ kind: value })}
            className={cx(
              'min-h-(--control-small) shrink-0 rounded-full border px-2.5 text-small transition-colors',
              asked.kind === value
                ? 'border-accent bg-accent-soft font-semibold text-accent-ink'
                : 'border-line-strong text-muted hover:bg-hover hover:text-ink',
            )}
          >
            {label()}
          </button>
        ))}
      </fieldset>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={m.files_find()}
          type="search"
          maxLength={100}
          value={asked.q}
          onChange={(event) => change({ q: event.target.value })}
        />
        <Select
          label={m.files_from()}
          value={asked.account_id ?? ''}
          options={[
            { value: '', label: m.files_from_anybody() },
            ...people.map((one) => ({ value: one.id, label: one.display_name })),
          ]}
          onChange={(id) => change({ account_id: id === '' ? null : id })}
        />
      </div>
    </div>
  )
}

/** Who may have sent something: those who are here, and those who did. */
function usePeople(roomId: string, known: ReadonlyMap<string, Account>): readonly Account[] {
  const members = useSync((state) => state.rooms[roomId]?.members)
  const roster = useSync((state) => state.rosters[roomId])
  const all = new Map(known)
  for (const { account } of [...(members ?? []), ...(roster ?? [])]) all.set(account.id, account)
  return [...all.values()].sort((a, b) => a.display_name.localeCompare(b.display_name))
}
