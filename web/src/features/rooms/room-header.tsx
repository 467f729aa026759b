import { Link, useNavigate } from '@tanstack/react-router'
import {
  ArrowLeftIcon,
  EllipsisVerticalIcon,
  LinkIcon,
  LogOutIcon,
  SettingsIcon,
  UserPlusIcon,
  UsersIcon,
} from 'lucide-react'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import { later } from '@/lib/later'
import { usePageTitle } from '@/lib/page-title'
import { useRoomParts } from '@/lib/room-parts'
import { useWide } from '@/lib/use-wide'
import { othersIn, roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { buttonClass } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Menu, type MenuItems } from '@/ui/Menu'
import { toast } from '@/ui/toasts'
import type { RoomSnapshot } from '@/wire/sync'
import { may } from './policy'
import { RoomIcon } from './room-icon'

const InviteDialog = later(async () => (await import('./invite-dialog')).InviteDialog)
const LeaveDialog = later(async () => (await import('./leave-dialog')).LeaveDialog)

export function RoomHeader({ roomId, panel }: { roomId: string; panel: string | undefined }) {
  const room = useSync((state) => state.rooms[roomId])
  const myId = useMyId()
  const title = room ? roomTitle(room, myId) : null
  usePageTitle(title)
  return (
    <header className="flex min-h-16 shrink-0 items-center gap-2 border-b border-line px-2 py-2 wide:px-5">
      <Link
        to="/rooms"
        aria-label={m.rooms_back()}
        className="grid size-(--control) shrink-0 place-items-center rounded-control text-muted hover:bg-hover wide:hidden"
      >
        <ArrowLeftIcon aria-hidden="true" className="size-5 rtl:-scale-x-100" />
      </Link>
      {room && title !== null && <Headline room={room} title={title} myId={myId} />}
      {room && <Actions room={room} panel={panel} title={title ?? ''} />}
    </header>
  )
}

function Headline({
  room,
  title,
  myId,
}: {
  room: RoomSnapshot
  title: string
  myId: string | null
}) {
  const [other] = room.room.kind === 'direct' ? othersIn(room, myId) : []
  const line = room.room.archived_at ? m.rooms_archived() : room.room.topic || other?.status_text
  return (
    <div className="flex min-w-0 grow items-center gap-2">
      <RoomIcon room={room} />
      <div className="min-w-0">
        <h1 className="truncate font-serif text-lead font-bold" dir="auto">
          {title}
        </h1>
        {line && (
          <p className="truncate text-small text-muted" dir="auto" title={line}>
            {line}
          </p>
        )}
      </div>
    </div>
  )
}

function Actions({
  room,
  panel,
  title,
}: {
  room: RoomSnapshot
  panel: string | undefined
  title: string
}) {
  const navigate = useNavigate()
  const { headerButtons, headerMenu } = useRoomParts()
  const wide = useWide()
  const [asking, setAsking] = useState<'invite' | 'leave' | null>(null)
  const roomId = room.room.id
  const can = (what: Parameters<typeof may>[0]) => may(what, room.room, room.me.role)
  const show = (name: string) =>
    void navigate({
      to: '/rooms/$roomId',
      params: { roomId },
      search: panel === name ? {} : { panel: name },
    })
  const copyLink = async () => {
    await copyText(`${location.origin}/rooms/${roomId}`)
    toast(m.rooms_link_copied())
  }
  const onPhone: MenuItems = [
    ...headerMenu.map((line) => line(room, show)).filter((line) => line !== null),
    ...(can('invite')
      ? [
          {
            id: 'invite',
            label: m.rooms_invite(),
            icon: <UserPlusIcon aria-hidden="true" />,
            run: () => setAsking('invite'),
          },
        ]
      : []),
  ]
  const ofRoom: MenuItems = [
    {
      id: 'settings',
      label: m.rooms_settings(),
      icon: <SettingsIcon aria-hidden="true" />,
      run: () => show('settings'),
    },
    {
      id: 'copy',
      label: m.rooms_copy_link(),
      icon: <LinkIcon aria-hidden="true" />,
      run: () => void copyLink(),
    },
    ...(can('leave')
      ? [
          null,
          {
            id: 'leave',
            label: m.rooms_leave(),
            icon: <LogOutIcon aria-hidden="true" />,
            danger: true,
            run: () => setAsking('leave'),
          },
        ]
      : []),
  ]
  const hasMenu = room.room.kind !== 'direct'
  const items = [
    ...(wide ? [] : onPhone),
    ...(hasMenu && !wide ? [null] : []),
    ...(hasMenu ? ofRoom : []),
  ]
  return (
    <div className="flex shrink-0 items-center gap-1">
      {/* Hidden, not away: the keys they listen to work on any screen. */}
      <span className="hidden wide:contents">
        {headerButtons.map((Part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <Part key={index} roomId={roomId} panel={panel} />
        ))}
        {can('invite') && (
          <IconButton
            label={m.rooms_invite()}
            icon={<UserPlusIcon aria-hidden="true" />}
            onClick={() => setAsking('invite')}
          />
        )}
      </span>
      <button
        type="button"
        aria-pressed={panel === 'members'}
        aria-label={m.rooms_members_button({ count: room.member_count })}
        onClick={() => show('members')}
        className={`${buttonClass('quiet')} px-2.5! font-normal text-muted aria-pressed:bg-accent-soft aria-pressed:text-accent-ink`}
      >
        <UsersIcon aria-hidden="true" className="size-5" />
        <span className="text-small tabular-nums">{room.member_count}</span>
      </button>
      {items.length > 0 && (
        <Menu items={items}>
          <IconButton label={m.rooms_more()} icon={<EllipsisVerticalIcon aria-hidden="true" />} />
        </Menu>
      )}
      {asking === 'invite' && (
        <InviteDialog room={room} title={title} onClose={() => setAsking(null)} />
      )}
      {asking === 'leave' && (
        <LeaveDialog room={room} title={title} onClose={() => setAsking(null)} />
      )}
    </div>
  )
}
