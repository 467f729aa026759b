import type { BesideTable } from '@/sync/beside'

/** What is known of files is told when it changes: null where one is gone. They go with their message. */
export const filesBeside: BesideTable = {
  'file.changed': {
    of: ({ file }) => (file?.message_id ? [file.message_id] : []),
    change: ({ files }, { file }) => ({
      files: files.map((held) => (held.id === file?.id ? file : held)),
    }),
  },
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ files: [] }) },
}
