import type { BesideTable } from '@/sync/beside'

/** What was made of a message's films is told whole each time; with the message it goes. */
export const filmsBeside: BesideTable = {
  'film.changed': {
    // Told late, of a message that is gone, it names nothing.
    of: ({ message_id }) => (message_id === null ? [] : [message_id]),
    change: ({ films }, { film }) =>
      film === null
        ? {}
        : { films: [...films.filter((held) => held.file_id !== film.file_id), film] },
  },
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ films: [] }) },
}
