import { errorText } from '@/i18n/errors'
import { http } from '@/lib/http'
import { toast } from '@/ui/toasts'
import type { Arrange, Arrangement, ChangePreferences, RoomPreferences } from '@/wire/preferences'

/** Says what was refused: a menu has gone by then. */
async function told<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    toast(errorText(error))
    return null
  }
}

export const changePreferences = (roomId: string, body: ChangePreferences) =>
  told(http<RoomPreferences>('PATCH', `rooms/${roomId}/preferences`, { body }))

export const arrange = (body: Arrange) =>
  told(http<Arrangement>('PATCH', 'me/arrangement', { body }))

export const markAllRead = () => told(http<void>('POST', 'me/read').then(() => true))
