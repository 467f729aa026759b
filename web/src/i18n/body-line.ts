import { m } from '@/i18n/paraglide/messages.js'
import type { File } from '@/wire/files'
import type { Body } from '@/wire/messages'
import { clockTime } from './clock-time'

/**
 * What a message says in one line, wherever there is no room for the message itself: in quotes,
 * lists, notices. Its words, where it has any; else what it brings along. `files` are those beside
 * it, where they are known. Null where there is nothing to be said of it: a note, or gone.
 */
export function bodyLine(body: Body, files: readonly Pick<File, 'name' | 'media_type'>[] = []) {
  switch (body.kind) {
    case 'text':
    case 'poll':
      return body.text
    case 'voice':
      return body.text || m.line_voice({ time: clockTime(body.duration_ms) })
    case 'files':
      return body.text.trim() !== '' ? body.text : filesLine(body.files.length, files)
    default:
      return null
  }
}

function filesLine(count: number, files: readonly Pick<File, 'name' | 'media_type'>[]): string {
  const [first] = files
  if (!first || files.length < count) return m.line_files({ count })
  const all = (kind: string) => files.every((file) => file.media_type.startsWith(kind))
  if (all('image/')) return m.line_pictures({ count })
  if (all('video/')) return count === 1 ? `🎬 ${first.name}` : m.line_films({ count })
  return count === 1 ? `📎 ${first.name}` : m.line_files({ count })
}
