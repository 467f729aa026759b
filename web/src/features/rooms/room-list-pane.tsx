import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRightIcon, PenLineIcon, PlusIcon } from 'lucide-react'
import { memo, type ReactNode, useMemo, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { later } from '@/lib/later'
import { useRoomParts } from '@/lib/room-parts'
import { useShortcut } from '@/lib/shortcuts'
import { attentionOf } from '@/sync/attention'
import { useEngine, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Menu } from '@/ui/Menu'
import { Skeleton } from '@/ui/Skeleton'
import { ListMenu } from './list-menu'
import { type Group, groupsOf, neighbour, rememberedGroups } from './order'
import { RoomRow } from './room-row'

const BrowseDialog = later(async () => (await import('./browse-dialog')).BrowseDialog)
const CreateRoomDialog = later(async () => (await import('./create-room-dialog')).CreateRoomDialog)
const NewMessageDialog = later(async () => (await import('./new-message-dialog')).NewMessageDialog)

/** From here on a list is virtual, and worth a filter well before. */
const MANY = 100
const SOME = 12

type Asking = 'room' | 'browse' | 'message' | null
type Entry = { key: string; roomId?: string; group?: Group }

export function RoomListPane({ roomId }: { roomId: string | null }) {
  const [filter, setFilter] = useState('')
  const [asking, setAsking] = useState<Asking>(null)
  const phase = useSync((state) => state.phase)
  const [groups] = useState(rememberedGroups)
  const shown = useSync((state) => groups(state, filter, roomId))
  const count = useSync((state) => Object.keys(state.rooms).length)
  useRoomKeys(roomId, setAsking)
  const close = () => setAsking(null)
  const { sideLinks } = useRoomParts()
  return (
    <>
      {sideLinks.length > 0 && (
        <ul className="pb-1">
          {sideLinks.map((Part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <li key={index}>
              <Part />
            </li>
          ))}
        </ul>
      )}
      {count > SOME && (
        <div className="px-3 pb-2">
          <input
            type="search"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            aria-label={m.rooms_filter()}
            placeholder={m.rooms_filter()}
            className="min-h-(--control-small) w-full rounded-control border border-line bg-paper px-3 text-small"
          />
        </div>
      )}
      {phase === 'cold' ? (
        <ListSkeleton />
      ) : (
        <ListMenu>
          <Entries
            here={roomId}
            groups={shown}
            ask={setAsking}
            empty={filter === '' ? <FirstSteps ask={setAsking} /> : <NoneFit />}
          />
        </ListMenu>
      )}
      {asking === 'room' && <CreateRoomDialog onClose={close} />}
      {asking === 'browse' && <BrowseDialog onClose={close} />}
      {asking === 'message' && <NewMessageDialog onClose={close} />}
    </>
  )
}

interface EntriesProps {
  here: string | null
  groups: readonly Group[]
  ask: (what: Asking) => void
  empty: ReactNode
}

function Entries({ here, groups, ask, empty }: EntriesProps) {
  const entries = useMemo(
    () =>
      groups.flatMap((group): Entry[] => [
        { key: group.id, group },
        ...group.rooms.map((roomId) => ({ key: roomId, roomId })),
      ]),
    [groups],
  )
  const draw = (entry: Entry) =>
    entry.roomId ? (
      <RoomRow roomId={entry.roomId} isHere={entry.roomId === here} />
    ) : (
      entry.group && <GroupHead group={entry.group} ask={ask} />
    )
  if (entries.length > MANY) return <VirtualEntries entries={entries} draw={draw} />
  return (
    <div className="min-h-0 grow overflow-y-auto pb-4">
      {groups.every((group) => group.rooms.length === 0 && !group.collapsed) && empty}
      <ul>
        {entries.map((entry) => (
          <li key={entry.key} className="pb-(--row-gap)">
            {draw(entry)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function VirtualEntries({
  entries,
  draw,
}: {
  entries: Entry[]
  draw: (entry: Entry) => ReactNode
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 42,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 10,
  })
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto pb-4">
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const entry = entries[item.index]
          return (
            entry && (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-setsize={entries.length}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0 pb-(--row-gap)"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {draw(entry)}
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

interface HeadProps {
  group: Group
  ask: (what: Asking) => void
}

const GroupHead = memo(function GroupHead({ group, ask }: HeadProps) {
  if (group.id === 'places') return <PlacesHead group={group} ask={ask} />
  if (group.id === 'people') return <PeopleHead group={group} ask={ask} />
  return <SectionHead group={group} title={group.name ?? m.life_favourites()} />
})

function PlacesHead({ group, ask }: HeadProps) {
  return (
    <SectionHead group={group} title={m.rooms_title()}>
      <Menu
        items={[
          { id: 'new', label: m.rooms_create(), run: () => ask('room') },
          { id: 'browse', label: m.rooms_browse(), run: () => ask('browse') },
        ]}
      >
        <IconButton size="small" label={m.rooms_add()} icon={<PlusIcon aria-hidden="true" />} />
      </Menu>
    </SectionHead>
  )
}

function PeopleHead({ group, ask }: HeadProps) {
  return (
    <SectionHead group={group} title={m.rooms_direct()}>
      <IconButton
        size="small"
        label={m.rooms_new_message()}
        icon={<PenLineIcon aria-hidden="true" />}
        onClick={() => ask('message')}
      />
    </SectionHead>
  )
}

interface SectionHeadProps {
  group: Group
  title: string
  children?: ReactNode
}

function SectionHead({ group, title, children }: SectionHeadProps) {
  const collapsed = useSync((state) => state.own.arrangement.collapsed)
  const fold = async () => {
    const others = collapsed.filter((id) => id !== group.id)
    const { arrange } = await import('./preferences-api')
    void arrange({ collapsed: group.collapsed ? others : [...others, group.id] })
  }
  return (
    <div className="mt-3 flex items-center justify-between ps-2 pe-3">
      <h2 className="min-w-0 text-small font-semibold text-faint">
        <button
          type="button"
          aria-expanded={!group.collapsed}
          onClick={() => void fold()}
          className="flex min-h-(--control-small) max-w-full items-center gap-1 rounded-control px-2 hover:bg-hover hover:text-ink"
        >
          <ChevronRightIcon
            aria-hidden="true"
            className={cx('size-3.5 shrink-0', group.collapsed ? 'rtl:-scale-x-100' : 'rotate-90')}
          />
          <span className="truncate" dir="auto">
            {title}
          </span>
        </button>
      </h2>
      {children}
    </div>
  )
}

function FirstSteps({ ask }: { ask: (what: Asking) => void }) {
  return (
    <div className="mx-4 mt-4 flex flex-col items-start gap-3">
      <p className="font-serif text-lead">{m.rooms_none_yet()}</p>
      <Button size="small" tone="primary" onClick={() => ask('room')}>
        {m.rooms_create()}
      </Button>
      <Button size="small" onClick={() => ask('browse')}>
        {m.rooms_browse()}
      </Button>
    </div>
  )
}

const NoneFit = () => <p className="px-4 py-3 text-small text-muted">{m.rooms_filter_none()}</p>

function ListSkeleton() {
  return (
    <div aria-busy="true" className="flex grow flex-col gap-3 px-4 pt-6">
      {[70, 50, 62, 44, 58].map((width) => (
        <span key={width} className="block" style={{ width: `${width}%` }}>
          <Skeleton className="h-4 w-full" />
        </span>
      ))}
    </div>
  )
}

/** Alt+arrows walk the list in the order it is shown; with Shift only where something is unread. */
function useRoomKeys(here: string | null, ask: (what: Asking) => void): void {
  const engine = useEngine()
  const navigate = useNavigate()
  const go = (step: 1 | -1, unreadOnly: boolean) => () => {
    const state = engine.store.getState()
    const all = groupsOf(state, '', here)
      .flatMap((group) => group.rooms)
      .filter((id) => {
        const room = state.rooms[id]
        return id === here || !unreadOnly || (room && attentionOf(room, state).bold)
      })
    const next = neighbour(all, here, step)
    if (next === null || next === here) return
    void navigate({ to: '/rooms/$roomId', params: { roomId: next } })
  }
  useShortcut(
    {
      id: 'rooms.previous',
      keys: ['Alt+ArrowUp'],
      scope: 'global',
      label: m.rooms_key_previous,
      run: go(-1, false),
    },
    {
      id: 'rooms.next',
      keys: ['Alt+ArrowDown'],
      scope: 'global',
      label: m.rooms_key_next,
      run: go(1, false),
    },
    {
      id: 'rooms.previous-unread',
      keys: ['Alt+Shift+ArrowUp'],
      scope: 'global',
      label: m.rooms_key_previous_unread,
      run: go(-1, true),
    },
    {
      id: 'rooms.next-unread',
      keys: ['Alt+Shift+ArrowDown'],
      scope: 'global',
      label: m.rooms_key_next_unread,
      run: go(1, true),
    },
    {
      id: 'rooms.new-message',
      keys: ['Mod+Alt+N'],
      scope: 'global',
      label: m.rooms_new_message,
      run: () => ask('message'),
    },
  )
}
