import { useQuery } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { openPerson } from '@/lib/person-card'
import { Avatar } from '@/ui/Avatar'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import type { Account } from '@/wire/accounts'
import type { GroupDetail } from '@/wire/groups'
import { CardFrame } from './card-frame'

interface GroupCardProps {
  groupId: string
  anchor: HTMLElement | null
  onClose: () => void
}

/** Who is called by an `@handle`. */
export function GroupCard({ groupId, anchor, onClose }: GroupCardProps) {
  const detail = useQuery({
    queryKey: ['group', groupId],
    queryFn: () => http<GroupDetail>('GET', `groups/${groupId}`),
  })
  const group = detail.data?.group
  return (
    <CardFrame title={group?.name ?? m.people_group()} anchor={anchor} onClose={onClose}>
      {detail.isPending && <Skeleton className="h-32" />}
      {detail.isError && (
        <ErrorState
          title={m.people_group_failed()}
          text={errorText(detail.error)}
          retry={() => void detail.refetch()}
        />
      )}
      {group && (
        <>
          <p className="mb-2 text-small text-muted">
            @{group.handle} · {m.mentions_group({ count: group.member_count })}
          </p>
          <ul className="-mx-2 max-h-64 overflow-y-auto">
            {detail.data?.members.map((one) => (
              <Somebody key={one.id} account={one} anchor={anchor} />
            ))}
          </ul>
        </>
      )}
    </CardFrame>
  )
}

function Somebody({ account, anchor }: { account: Account; anchor: HTMLElement | null }) {
  return (
    <li>
      <button
        type="button"
        className="flex min-h-9 w-full items-center gap-2.5 rounded-small px-2 py-1 text-start hover:bg-hover coarse:min-h-11"
        onClick={() => openPerson(account.id, anchor)}
      >
        <Avatar size="small" name={account.display_name} hue={account.hue} of={account} />
        <span className="min-w-0 truncate" dir="auto">
          {account.display_name}
        </span>
        <span className="ms-auto truncate text-small text-faint">@{account.username}</span>
      </button>
    </li>
  )
}
