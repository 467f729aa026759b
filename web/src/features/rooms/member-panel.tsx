import { useQuery } from '@tanstack/react-query'
import { UserPlusIcon } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
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
  const engine = useEngine()
  const room = useSync((state) => state.rooms[roomId])
  const [adding, setAdding] = useState(false)
  useEffect(() => void engine.askPresence(roomId), [engine, roomId])
  if (!room) return null
  const title = m.life_members_group({
    role: m.rooms_members(),
    count: formatNumber(room.member_count),
  })
  return (
    <>
      <PanelHead title={title} close={close}>
        {may('add', room.room, room.me.role) && <AddButton onClick={() => setAdding(true)} />}
      </PanelHead>
      <div className="flex min-h-0 grow flex-col">
        <CrowdList room={room} />
      </div>
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

function MemberList({ room, members }: { room: RoomSnapshot; members: readonly Member[] }) {
  const myId = useMyId()
  const presence = useSync((state) => state.presence)
  const sorted = useMemo(() => {
    const absent = (member: Member) =>
      member.account.id !== myId && (presence[member.account.id] ?? 'offline') === 'offline' ? 1 : 0
    return [...members].sort(
      (a, b) =>
        absent(a) - absent(b) ||
        byRank(a.role, b.role) ||
        a.account.display_name.localeCompare(b.account.display_name),
    )
  }, [members, presence, myId])
  return (
    <ul aria-label={m.rooms_members()}>
      {sorted.map((member) => (
        <MemberRow key={member.account.id} room={room} member={member} />
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
