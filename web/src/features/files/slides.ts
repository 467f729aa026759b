import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import type { RoomFile, RoomFileList } from '@/wire/media'
import type { TimelineMessage } from '@/wire/timeline'
import { filesBody, isPictureFile, type Picture, shownIn } from './sorting'

/** A picture of a room, with what is known of where it was said. */
export interface Slide extends Picture {
  seq: number
  sent_at: string
  author_id: string
  /** Its message, where it is held here. */
  message: TimelineMessage | null
}

/** So many pages are asked for in search of the first picture's place, and no more. */
const MOST_PAGES = 20

/** All pictures of the room of `first`, oldest first: those held here at once, the others when they come. */
export function useSlides(first: Slide, current: string): readonly Slide[] {
  const { room_id } = first.file
  const thread = first.message?.thread ?? null
  const held = useSync((state) => state.timelines[room_id]?.messages)
  const replies = useSync((state) => (thread ? state.timelines[thread]?.messages : undefined))
  const list = useInfiniteQuery({
    queryKey: ['files', room_id, 'slides'],
    queryFn: ({ pageParam }) =>
      http<RoomFileList>('GET', `rooms/${room_id}/files`, {
        query: { kind: 'picture', cursor: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  const slides = useMemo(() => {
    const messages = [
      ...(held ?? []),
      ...(replies ?? []),
      ...(first.message ? [first.message] : []),
    ]
    const told = list.data?.pages.flatMap((page) => page.files) ?? []
    return inOrder([first], messages, told)
  }, [held, replies, list.data, first])
  const at = slides.findIndex((slide) => slide.file.id === current)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const pages = list.data?.pages ?? []
  const reached = pages.at(-1)?.files.at(-1)?.message_seq ?? Number.POSITIVE_INFINITY
  const needed = at < 2 || reached > (slides[at]?.seq ?? 0)
  useEffect(() => {
    if (needed && hasNextPage && !isFetchingNextPage && pages.length < MOST_PAGES)
      void fetchNextPage()
  }, [needed, hasNextPage, isFetchingNextPage, fetchNextPage, pages.length])
  return slides
}

/** One list out of what is held and what was told, each picture once. */
export function inOrder(
  first: readonly Slide[],
  messages: readonly TimelineMessage[],
  told: readonly RoomFile[],
): readonly Slide[] {
  const found = new Map<string, { slide: Slide; place: number }>()
  for (const { file, message_seq, sent_at } of told) {
    if (!isPictureFile(file)) continue
    const slide = { file, alt: '', seq: message_seq, sent_at, author_id: file.account_id }
    found.set(file.id, { slide: { ...slide, message: null } as Slide, place: 0 })
  }
  for (const message of messages) {
    shownIn(message).forEach((shown, place) => {
      if (isPictureFile(shown.file))
        found.set(shown.file.id, { slide: slideOf(message, shown as Picture), place })
    })
  }
  for (const slide of first) {
    if (!found.has(slide.file.id)) found.set(slide.file.id, { slide, place: 0 })
  }
  return [...found.values()]
    .sort((a, b) => a.slide.seq - b.slide.seq || a.place - b.place)
    .map(({ slide }) => slide)
}

export const slideOf = (message: TimelineMessage, picture: Picture): Slide => ({
  ...picture,
  seq: message.seq,
  sent_at: message.sent_at,
  author_id: message.author_id,
  message,
})

/** Its marks say nothing here. */
export const captionOf = ({ message }: Slide): string =>
  ((message && filesBody(message.body)?.text) ?? '').replace(/[*_~`>#|]+/g, '').trim()
