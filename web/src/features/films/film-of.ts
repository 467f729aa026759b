import type { FileTile } from '@/lib/file-parts'
import type { Film } from '@/wire/films'

/** What was made of a file of a message; null while it is nothing. */
export const filmOf = ({ message, file }: Pick<FileTile, 'message' | 'file'>): Film | null =>
  message.films.find((film) => film.file_id === file.id) ?? null

/** There will be nothing to see of it. */
export const isLost = (file: FileTile['file'], film: Film | null): boolean =>
  file.state === 'infected' || file.state === 'failed' || film?.state === 'failed'
