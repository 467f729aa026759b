import { useCallback, useEffect, useState } from 'react'
import { http } from '@/lib/http'
import type { AskExport, Export, ExportLink, ExportList } from '@/wire/exporting'

const LOOK_MS = 1_000

const isOpen = (one: Export) => one.state === 'waiting' || one.state === 'running'

/**
 * My exports of one room, or (null) of everything. While one is being made it is asked how far it
 * is, as long as somebody looks.
 */
export function useExports(roomId: string | null) {
  const [exports, setExports] = useState<readonly Export[]>([])
  const load = useCallback(async () => {
    const { exports: all } = await http<ExportList>('GET', 'exports')
    setExports(all.filter((one) => one.room_id === roomId))
  }, [roomId])
  const working = exports.some(isOpen)
  useEffect(() => {
    void load().catch(() => undefined)
  }, [load])
  useEffect(() => {
    if (!working) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load().catch(() => undefined)
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [working, load])
  return { exports, load }
}

export const ask = (wanted: AskExport) => http<Export>('POST', 'exports', { body: wanted })

export const remove = (id: string) => http<void>('DELETE', `exports/${id}`)

/** Fetches a link that opens the file for a while, and follows it: it is a download. */
export async function download(id: string): Promise<void> {
  const { url } = await http<ExportLink>('POST', `exports/${id}/link`)
  const { pathname, search } = new URL(url)
  // On this page's own origin, whatever address the server is known by elsewhere.
  location.assign(`${pathname}${search}`)
}
