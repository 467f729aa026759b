import type { BesideTable } from '@/sync/beside'
import type { Film } from '@/wire/films'

/** M10: what was made of a message's films is told whole each time; with the message it goes. */
export const filmsBeside: BesideTable = {
  'film.changed': {
    // Told late, of a message that is gone, it names nothing.
    of: ({ message_id }) => (message_id === null ? [] : [message_id]),
    change: ({ films }, { film }) => (film === null ? {} : { films: taking(films, film) }),
  },
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ films: [] }) },
}

const taking = (films: readonly Film[], film: Film): Film[] =>
  [...films.filter((held) => held.file_id !== film.file_id), film].sort((a, b) =>
    a.file_id < b.file_id ? -1 : 1,
  )
