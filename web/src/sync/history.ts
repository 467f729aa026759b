import type { Page } from '@/wire/timeline'
import type { Dispatch } from './dispatch'
import type { Rest } from './ports'
import { lacks, meet, takePage, takeThread } from './reducer'
import type { Replica } from './state'
import type { Anchor } from './timeline'

export interface HistoryPorts {
  read(): Replica
  write(change: (replica: Replica) => Replica): void
  dispatch: Dispatch
  rest: Pick<Rest, 'page' | 'thread' | 'message' | 'person'>
}

export interface History {
  /** Fetches a page of a room's past, or of one thread's, into the timeline. Throws `ApiError` where it cannot. */
  load(roomId: string, anchor: Anchor, thread?: string | null): Promise<void>
  /** The `seq` of a message named by its id, for permalinks. Throws where it is not mine to see. */
  seqOf(roomId: string, messageId: string): Promise<number>
  /** Makes sure somebody's name is known; asks once, and quietly. */
  know(accountId: string): void
}

export function createHistory({ read, write, dispatch, rest }: HistoryPorts): History {
  const loading = new Map<string, Promise<void>>()
  const asked = new Set<string>()

  async function fetchPage(roomId: string, anchor: Anchor, thread: string | null): Promise<void> {
    if (thread !== null) {
      const page = await rest.thread(roomId, thread, anchor)
      if (lacks(read(), roomId, page)) return fetchPage(roomId, anchor, thread)
      write((replica) => takeThread(dispatch, replica, roomId, page, anchor))
      return
    }
    const page: Page = await rest.page(roomId, anchor)
    if (lacks(read(), roomId, page)) return fetchPage(roomId, anchor, thread)
    write((replica) => takePage(dispatch, replica, roomId, page, anchor))
  }

  return {
    load: (roomId, anchor, thread = null) => {
      const key = `${roomId} ${thread} ${JSON.stringify(anchor)}`
      const running =
        loading.get(key) ?? fetchPage(roomId, anchor, thread).finally(() => loading.delete(key))
      loading.set(key, running)
      return running
    },
    seqOf: async (roomId, messageId) => {
      const held = read().timelines[roomId]?.messages.find((message) => message.id === messageId)
      return (held ?? (await rest.message(roomId, messageId))).seq
    },
    know: (accountId) => {
      if (read().people[accountId] || asked.has(accountId)) return
      asked.add(accountId)
      rest.person(accountId).then(
        (person) => write((replica) => meet(replica, [person])),
        () => {},
      )
    },
  }
}
