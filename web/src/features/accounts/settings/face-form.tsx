import { signedIn, useMe } from '@/lib/session'
import { PicturePicker } from '@/ui/PicturePicker'
import { changeFace, removeFace } from '../api'

/** My picture. It is shown where my initials are. */
export function FaceForm() {
  const me = useMe()
  return (
    <div className="mt-2">
      <PicturePicker
        has={me.avatar !== null}
        put={async (image) => signedIn(await changeFace(image))}
        remove={async () => {
          await removeFace()
          signedIn({ ...me, avatar: null })
        }}
      />
    </div>
  )
}
