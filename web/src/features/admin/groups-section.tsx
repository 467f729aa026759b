import { useQuery, useQueryClient } from '@tanstack/react-query'
import { PencilIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { forgetGroups } from '@/lib/groups'
import { AlertDialog } from '@/ui/AlertDialog'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { IconButton } from '@/ui/IconButton'
import { Skeleton } from '@/ui/Skeleton'
import type { Group } from '@/wire/groups'
import * as api from './api'
import { GroupDialog, type PickPeople } from './group-dialog'

const KEY = ['groups']

type Asking = { what: 'make' } | { what: 'change' | 'delete'; group: Group } | null

/** Named groups of people: `@designers` calls those of them who are in the room. */
export function GroupsSection({ PeoplePicker }: { PeoplePicker: PickPeople }) {
  const { data, error, isPending, refetch } = useQuery({ queryKey: KEY, queryFn: api.groups })
  const queries = useQueryClient()
  const [asking, setAsking] = useState<Asking>(null)
  const changed = () => {
    forgetGroups()
    void queries.invalidateQueries({ queryKey: KEY })
  }
  if (error) {
    const retry = () => void refetch()
    return <ErrorState title={m.admin_groups_failed()} text={errorText(error)} retry={retry} />
  }
  const groups = data?.groups ?? []
  return (
    <div className="flex flex-col gap-5">
      <p className="text-muted">{m.admin_groups_lead()}</p>
      <Button tone="primary" className="self-start" onClick={() => setAsking({ what: 'make' })}>
        {m.admin_group_new()}
      </Button>
      {isPending && <Skeleton className="h-24 w-full" />}
      {data && groups.length === 0 && (
        <EmptyState title={m.admin_groups_none()}>{m.admin_groups_none_hint()}</EmptyState>
      )}
      {groups.length > 0 && (
        <ul className="flex flex-col">
          {groups.map((group) => (
            <GroupRow key={group.id} group={group} ask={(what) => setAsking({ what, group })} />
          ))}
        </ul>
      )}
      {(asking?.what === 'make' || asking?.what === 'change') && (
        <GroupDialog
          group={asking.what === 'change' ? asking.group : null}
          PeoplePicker={PeoplePicker}
          saved={changed}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what === 'delete' && (
        <AlertDialog
          title={m.admin_group_delete_title({ name: asking.group.name })}
          description={m.admin_group_delete_text({ handle: asking.group.handle })}
          action={m.admin_group_delete()}
          onConfirm={async () => {
            await api.deleteGroup(asking.group.id)
            changed()
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}

function GroupRow({ group, ask }: { group: Group; ask: (what: 'change' | 'delete') => void }) {
  const { name, handle, member_count: count } = group
  return (
    <li className="flex min-h-(--row) items-center gap-3 border-b border-line py-2 last:border-0">
      <span className="min-w-0 grow leading-tight">
        <span className="block truncate font-semibold" dir="auto">
          {name}
        </span>
        <span className="block truncate text-small text-muted">
          @{handle} · {m.admin_group_people({ count })}
        </span>
      </span>
      <IconButton
        size="small"
        label={m.admin_group_change({ name })}
        icon={<PencilIcon aria-hidden="true" />}
        onClick={() => ask('change')}
      />
      <IconButton
        size="small"
        label={m.admin_group_delete_named({ name })}
        icon={<Trash2Icon aria-hidden="true" />}
        onClick={() => ask('delete')}
      />
    </li>
  )
}
