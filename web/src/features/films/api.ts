import { http } from '@/lib/http'
import type { Film } from '@/wire/films'

const path = (roomId: string, fileId: string) => `rooms/${roomId}/files/${fileId}/subtitles`

export interface NewSubtitle {
  language: string
  label: string
  /** The whole of a SubRip or WebVTT file. */
  text: string
}

export const addSubtitle = (roomId: string, fileId: string, body: NewSubtitle) =>
  http<Film>('POST', path(roomId, fileId), { body })

export const removeSubtitle = (roomId: string, fileId: string, id: string) =>
  http<Film>('DELETE', `${path(roomId, fileId)}/${id}`)
