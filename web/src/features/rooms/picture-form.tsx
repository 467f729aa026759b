import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { PicturePicker } from '@/ui/PicturePicker'
import { toast } from '@/ui/toasts'
import type { RoomSnapshot } from '@/wire/sync'
import { pictureOf } from './room-icon'

/** In the room's settings: the picture that stands before its name everywhere. */
export function PictureForm({ room }: { room: RoomSnapshot }) {
  const path = `rooms/${room.room.id}/avatar`
  const { avatar } = room.room
  return (
    <section aria-label={m.rooms_picture()} className="flex flex-col gap-2">
      <h3 className="font-semibold">{m.rooms_picture()}</h3>
      <PicturePicker
        has={avatar !== null}
        put={async (image) => {
          await http('PUT', path, { body: { image } })
          toast(m.rooms_picture_set())
        }}
        remove={async () => {
          await http('DELETE', path)
          toast(m.rooms_picture_gone())
        }}
      >
        {avatar && (
          <img
            src={pictureOf(room)}
            alt={m.rooms_picture_now()}
            width={64}
            height={64}
            className="size-16 rounded-[30%] bg-sunken object-cover"
          />
        )}
      </PicturePicker>
    </section>
  )
}
