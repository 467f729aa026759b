import { useCallback, useEffect, useState } from 'react'
import { http } from '@/lib/http'
import { useEngine, useSync } from '@/sync/react'
import type { Facts } from '@/wire/events'
import type { AskExport, Export, ExportLink, ExportList } from '@/wire/exporting'

/** My exports of one room, or (null) of everything, as they stand: told, never asked again. */
export function useExports(roomId: string | null) {
  const engine = useEngine()
  const online = useSync((state) => state.connection === 'online')
  const [exports, setExports] = useState<readonly Export[]>([])
  const load = useCallback(async () => {
    const { exports: all } = await http<ExportList>('GET', 'exports')
    setExports(all.filter((one) => one.room_id === roomId))
  }, [roomId])
  // What changed while nobody listened is in the list: each time we are online again.
  useEffect(() => {
    if (online) void load().catch(() => undefined)
  }, [online, load])
  useEffect(
    () =>
      engine.onFact(({ type, data }) => {
        if (type === 'export.changed') {
          const { export: one } = data as Facts['export.changed']
          if (one.room_id === roomId) setExports((held) => changed(held, one))
        }
        if (type === 'export.removed') {
          const { export_id } = data as Facts['export.removed']
          setExports((held) => held.filter((one) => one.id !== export_id))
        }
      }),
    [engine, roomId],
  )
  useEffect(
    () =>
      engine.onProgress(({ export_id, done, total }) =>
        setExports((held) =>
          held.map((one) =>
            one.id === export_id && one.state === 'running' ? { ...one, done, total } : one,
          ),
        ),
      ),
    [engine],
  )
  return { exports, load }
}

/** The newest first, as the list gives them. */
const changed = (held: readonly Export[], one: Export) =>
  held.some(({ id }) => id === one.id)
    ? held.map((other) => (other.id === one.id ? one : other))
    : [one, ...held]

export const ask = (wanted: AskExport) => http<Export>('POST', 'exports', { body: wanted })

export const remove = (id: string) => http<void>('DELETE', `exports/${id}`)

/** Fetches a link that opens the file for a while, and follows it: it is a download. */
export async function download(id: string): Promise<void> {
  const { url } = await http<ExportLink>('POST', `exports/${id}/link`)
  const { pathname, search } = new URL(url)
  // On this page's own origin, whatever address the server is known by elsewhere.
  location.assign(`${pathname}${search}`)
}
