import type { BesideTable } from '@/sync/beside'

/** What is known of files is told when it changes; with their message they go. */
export const filesBeside: BesideTable = {
  'file.changed': {
    of: ({ file }) => (file.message_id === null ? [] : [file.message_id]),
    change: ({ files }, { file }) => ({
      files: files.map((held) => (held.id === file.id ? file : held)),
    }),
  },
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ files: [] }) },
}
