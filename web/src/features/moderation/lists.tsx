import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import type { Account } from '@/wire/accounts'

export const nameIn = (people: readonly Account[], id: string | null) =>
  people.find((person) => person.id === id)?.display_name ?? m.messages_somebody()

export const Loading = () => (
  <div aria-busy="true" className="flex flex-col gap-3">
    <Skeleton className="h-16 w-full" />
    <Skeleton className="h-16 w-full" />
  </div>
)

export const Failed = ({ error, retry }: { error: unknown; retry: () => void }) => (
  <ErrorState title={m.life_list_failed()} text={errorText(error)} retry={retry} />
)
