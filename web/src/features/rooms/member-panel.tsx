import { useQuery } from '@tanstack/react-query'
import { BanIcon, UserPlusIcon } from 'lucide-react'
import { Fragment, useEffect, useMemo, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { ErrorState } from '@/ui/ErrorState'
import { IconButton } from '@/ui/IconButton'
import { PanelHead } from '@/ui/PanelHead'
import { Skeleton } from '@/ui/Skeleton'
import type { Member } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'
import { AddPeopleDialog } from './add-people-dialog'
import * as api from './api'
import { BanSection } from './ban-section'
import { CrowdList } from './crowd-list'
import { MemberRow } from './member-row'
import { byRank, may } from './policy'

/** Beyond it nobody's client holds them all: pages and the server's search. */
const CROWD = 200

export function MemberPanel({ roomId, close }: { roomId: string; close: () => void }) {
  const count = useSync((state) => state.rooms[roomId]?.member_count ?? 0)
  return count > CROWD ? (
    <CrowdPanel roomId={roomId} close={close} />
  ) : (
    <CirclePanel roomId={roomId} close={close} />
  )
}

function CrowdPanel({ roomId, close }: { roomId: string; close: () => void }) {
  const room = useSync((state) => state.rooms[roomId])
  const [adding, setAdding] = useState(false)
  const [showsBans, setShowsBans] = useState(false)
  if (!room) return null
  const members = m.life_members_group({
    role: m.rooms_members(),
    count: formatNumber(room.member_count),
  })
  return (
    <>
      <PanelHead title={showsBans ? m.rooms_banned() : members} close={close}>
        {may('see_bans', room.room, room.me.role) && (
          <IconButton
            label={m.rooms_banned()}
            icon={<BanIcon aria-hidden="true" />}
            pressed={showsBans}
            onClick={() => setShowsBans(!showsBans)}
          />
        )}
        {may('add', room.room, room.me.role) && <AddButton onClick={() => setAdding(true)} />}
      </PanelHead>
      {showsBans ? (
        <div className="min-h-0 grow overflow-y-auto">
          <BanSection roomId={roomId} alone />
        </div>
      ) : (
        <div className="flex min-h-0 grow flex-col">
          <CrowdList room={room} />
        </div>
      )}
      {adding && <AddPeopleDialog roomId={roomId} members={[]} onClose={() => setAdding(false)} />}
    </>
  )
}

const AddButton = ({ onClick }: { onClick: () => void }) => (
  <IconButton
    label={m.rooms_add_people()}
    icon={<UserPlusIcon aria-hidden="true" />}
    onClick={onClick}
  />
)

function CirclePanel({ roomId, close }: { roomId: string; close: () => void }) {
  const room = useSync((state) => state.rooms[roomId])
  const [adding, setAdding] = useState(false)
  const { members, error, retry } = useMembers(room)
  if (!room) return null
  return (
    <>
      <PanelHead title={m.rooms_members()} close={close}>
        {may('add', room.room, room.me.role) && <AddButton onClick={() => setAdding(true)} />}
      </PanelHead>
      <div className="min-h-0 grow overflow-y-auto py-2">
        {error && <ErrorState title={m.rooms_members_failed()} text={error} retry={retry} />}
        {members ? <MemberList room={room} members={members} /> : !error && <MembersSkeleton />}
        {may('see_bans', room.room, room.me.role) && <BanSection roomId={roomId} />}
      </div>
      {adding && members && (
        <AddPeopleDialog roomId={roomId} members={members} onClose={() => setAdding(false)} />
      )}
    </>
  )
}

/** Who is here comes first. */
function MemberList({ room, members }: { room: RoomSnapshot; members: readonly Member[] }) {
  const myId = useMyId()
  const presence = useSync((state) => state.presence)
  const groups = useMemo(() => {
    const isHere = ({ account }: Member) =>
      account.id === myId || (presence[account.id] ?? 'offline') !== 'offline'
    const sorted = [...members].sort(
      (a, b) =>
        byRank(a.role, b.role) || a.account.display_name.localeCompare(b.account.display_name),
    )
    return [
      { role: m.life_members_here(), these: sorted.filter(isHere) },
      { role: m.life_members_away(), these: sorted.filter((one) => !isHere(one)) },
    ].filter(({ these }) => these.length > 0)
  }, [members, presence, myId])
  return (
    <ul aria-label={m.rooms_members()}>
      {groups.map(({ role, these }) => (
        <Fragment key={role}>
          <li>
            <h3 className="px-5 pt-3 pb-1 text-small font-semibold text-faint">
              {m.life_members_group({ role, count: formatNumber(these.length) })}
            </h3>
          </li>
          {these.map((member) => (
            <MemberRow key={member.account.id} room={room} member={member} />
          ))}
        </Fragment>
      ))}
    </ul>
  )
}

function MembersSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4 p-5">
      {[60, 45, 70].map((width) => (
        <span key={width} className="block" style={{ width: `${width}%` }}>
          <Skeleton className="h-5 w-full" />
        </span>
      ))}
    </div>
  )
}

/** Everybody in a room: small rooms carry their members, those of a channel are asked for once. */
function useMembers(room: RoomSnapshot | undefined) {
  const engine = useEngine()
  const roomId = room?.room.id ?? ''
  const isChannel = room?.room.kind === 'channel'
  const roster = useSync((state) => state.rosters[roomId])
  const missing = isChannel && roster === undefined
  const { data, error, refetch } = useQuery({
    queryKey: ['members', roomId],
    queryFn: () => api.members(roomId),
    enabled: missing,
    // Kept true by events from then on; this copy must not come back later.
    staleTime: 0,
    gcTime: 0,
  })
  useEffect(() => {
    if (missing && data) engine.takeRoster(roomId, data)
  }, [engine, missing, data, roomId])
  useEffect(() => {
    if (roomId) void engine.askPresence(roomId)
  }, [engine, roomId])
  return {
    members: isChannel ? roster : room?.members,
    error: error && missing ? errorText(error) : null,
    retry: () => void refetch(),
  }
}
