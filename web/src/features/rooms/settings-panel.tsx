import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useRoomParts } from '@/lib/room-parts'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { PanelHead } from '@/ui/PanelHead'
import { TextArea } from '@/ui/TextArea'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/toasts'
import { useTask } from '@/ui/use-task'
import { changeRoomLimits } from '@/wire/limits'
import type { ChangeRoom } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'
import * as api from './api'
import { AskDialog } from './ask-dialog'
import { VisibilityField } from './create-room-dialog'
import { FormError } from './form-error'
import { LeaveDialog } from './leave-dialog'
import { PictureForm } from './picture-form'
import { may } from './policy'

export function SettingsPanel({ roomId, close }: { roomId: string; close: () => void }) {
  const room = useSync((state) => state.rooms[roomId])
  const { settings } = useRoomParts()
  if (!room) return null
  const can = (what: Parameters<typeof may>[0]) => may(what, room.room, room.me.role)
  return (
    <>
      <PanelHead title={m.rooms_settings()} close={close} />
      <div className="flex min-h-0 grow flex-col gap-8 overflow-y-auto p-5">
        {/* Somebody else's change makes a fresh form: half of mine and half of theirs is nobody's. */}
        {can('change') && <PictureForm room={room} />}
        {can('change') ? (
          <DetailsForm key={`${room.room.name} ${room.room.topic}`} room={room} />
        ) : (
          <p className="text-muted">{m.rooms_settings_not_yours()}</p>
        )}
        {can('change_visibility') && <VisibilityForm room={room} />}
        {settings.map((Part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <Part key={index} roomId={roomId} />
        ))}
        <Ending room={room} canArchive={can('archive')} canLeave={can('leave')} />
      </div>
    </>
  )
}

function DetailsForm({ room }: { room: RoomSnapshot }) {
  const [name, setName] = useState(room.room.name ?? '')
  const [topic, setTopic] = useState(room.room.topic)
  const { busy, error, run } = useTask()
  const isGroup = room.room.kind === 'group'
  const same = name.trim() === (room.room.name ?? '') && topic.trim() === room.room.topic
  const save = () =>
    run(async () => {
      const change: ChangeRoom = { topic: topic.trim() }
      if (name.trim() !== (room.room.name ?? '')) change.name = name.trim() || null
      await api.changeRoom(room.room.id, change)
      toast(m.rooms_saved())
    })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TextField
        label={m.rooms_name()}
        value={name}
        maxLength={changeRoomLimits.name.maxLength}
        required={!isGroup}
        {...(isGroup && { aside: m.ui_optional() })}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={m.rooms_topic()}
        aside={m.ui_optional()}
        value={topic}
        maxLength={changeRoomLimits.topic.maxLength}
        maxRows={5}
        // A topic is one line: a pasted break would be refused.
        onChange={(event) => setTopic(event.target.value.replace(/\s*\n\s*/g, ' '))}
      />
      <FormError text={error} />
      <Button type="submit" tone="primary" busy={busy} disabled={same} className="self-start">
        {m.rooms_save()}
      </Button>
    </form>
  )
}

function VisibilityForm({ room }: { room: RoomSnapshot }) {
  const { error, run } = useTask()
  return (
    <div className="flex flex-col gap-2">
      <VisibilityField
        value={room.room.visibility}
        onChange={(visibility) =>
          void run(async () => {
            await api.changeRoom(room.room.id, { visibility })
            toast(m.rooms_saved())
          })
        }
      />
      <FormError text={error} />
    </div>
  )
}

function Ending(props: { room: RoomSnapshot; canArchive: boolean; canLeave: boolean }) {
  const { room, canArchive, canLeave } = props
  const myId = useMyId()
  const [asking, setAsking] = useState<'archive' | 'leave' | null>(null)
  const { busy, error, run } = useTask()
  const title = roomTitle(room, myId)
  const isArchived = room.room.archived_at !== null
  const archive = async (archived: boolean) =>
    void (await api.changeRoom(room.room.id, { archived }))
  return (
    <section className="flex flex-col items-start gap-3 border-t border-line pt-5">
      {canArchive && isArchived && (
        <Button busy={busy} onClick={() => void run(() => archive(false))}>
          {m.rooms_unarchive()}
        </Button>
      )}
      {canArchive && !isArchived && (
        <Button onClick={() => setAsking('archive')}>{m.rooms_archive()}</Button>
      )}
      {canLeave && (
        <Button tone="quiet" className="text-danger-ink!" onClick={() => setAsking('leave')}>
          {m.rooms_leave()}
        </Button>
      )}
      <FormError text={error} />
      {asking === 'archive' && (
        <AskDialog
          tone="primary"
          title={m.rooms_archive_title({ room: title })}
          description={m.rooms_archive_hint()}
          action={m.rooms_archive()}
          onConfirm={() => archive(true)}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'leave' && (
        <LeaveDialog room={room} title={title} onClose={() => setAsking(null)} />
      )}
    </section>
  )
}
