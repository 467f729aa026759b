import { useNavigate } from '@tanstack/react-router'
import {
  type ComponentType,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { reactionsBeside } from '@/features/emoji/apply'
import { emojiCompleter } from '@/features/emoji/completer'
import { EmojiButton } from '@/features/emoji/composer-button'
import { ReactionChips } from '@/features/emoji/reaction-chips'
import { FilesButton, filesLine } from '@/features/files/files-entry'
import { filmsBeside } from '@/features/films/apply'
import { MentionsLink } from '@/features/mentions/mentions-link'
import { messagesApply } from '@/features/messages/apply'
import { ModerationButton, moderationLine } from '@/features/moderation/moderation-button'
import { ModerationQuestions } from '@/features/moderation/questions-host'
import { QuietBanner } from '@/features/moderation/quiet-banner'
import { peopleApply } from '@/features/people/apply'
import { ContactsLink } from '@/features/people/contacts-link'
import { PersonHost } from '@/features/people/person-host'
import { pinsBeside } from '@/features/pins/apply'
import { PinMark } from '@/features/pins/pin-mark'
import { PinsButton, pinsLine } from '@/features/pins/pins-button'
import { pollsBeside } from '@/features/polls/apply'
import { PollBody } from '@/features/polls/poll-body'
import { PollButton } from '@/features/polls/poll-button'
import { QuietWatch } from '@/features/presence/quiet-watch'
import { previewsBeside } from '@/features/previews/apply'
import { PreviewCards } from '@/features/previews/preview-cards'
import { Ticks } from '@/features/receipts/ticks'
import { roomsApply } from '@/features/rooms/apply'
import { SearchButton, SearchLink, searchLine } from '@/features/search/search-entry'
import { threadsApply, threadsBeside } from '@/features/threads/apply'
import { ThreadLine, ThreadMark, ThreadOrigin, ThreadsLink } from '@/features/threads/rows'
import { type ComposerParts, ComposerPartsContext } from '@/lib/composer-parts'
import { whenIdle } from '@/lib/idle'
import { later } from '@/lib/later'
import { noRoomParts, type PanelProps, type RoomParts, RoomPartsContext } from '@/lib/room-parts'
import { noRowParts, type RowParts, RowPartsContext } from '@/lib/row-parts'
import { useMe } from '@/lib/session'
import type { Attached } from '@/lib/uploads'
import { accountsApply } from '@/sync/accounts-apply'
import type { Tables } from '@/sync/dispatch'
import { useEngine } from '@/sync/react'
import { type EmojiParts, EmojiProvider, useEmojiParts } from './emoji-parts'
import {
  AttachButton,
  FilesBody,
  FilesRoot,
  filesBeside,
  PendingFiles,
  TrayEntry,
} from './file-parts'
import {
  KeepingRoot,
  keepingApply,
  keepingBeside,
  keepingComposer,
  keepingRooms,
  keepingRows,
  keepingViews,
  PendingVoice,
} from './keeping-parts'
import { MissingPart, MissingPartNotice } from './missing-part'

/**
 * Where the features meet: what each adds to rows, composer, rooms and the log. Whatever is not
 * needed for the first paint of a room comes by `later`.
 */

/** Every feature's share of the reducer. */
export const tables: Tables = {
  apply: [accountsApply, peopleApply, roomsApply, messagesApply, threadsApply, ...keepingApply],
  beside: [
    threadsBeside,
    reactionsBeside,
    pinsBeside,
    pollsBeside,
    previewsBeside,
    filesBeside,
    filmsBeside,
    ...keepingBeside,
  ],
}

/** Panels on the right, by the word before the colon in the address's `panel`. */
export const panels: Readonly<Record<string, ComponentType<PanelProps>>> = {
  moderation: later(
    async () => (await import('@/features/moderation/moderation-panel')).ModerationPanel,
    MissingPart,
  ),
  files: later(async () => (await import('@/features/files/files-panel')).FilesPanel, MissingPart),
  info: later(async () => (await import('@/features/receipts/info-panel')).InfoPanel, MissingPart),
  members: later(async () => (await import('@/features/rooms/member-panel')).MemberPanel),
  pins: later(async () => (await import('@/features/pins/pins-panel')).PinsPanel),
  search: later(
    async () => (await import('@/features/search/search-panel')).SearchPanel,
    MissingPart,
  ),
  settings: later(async () => (await import('@/features/rooms/settings-panel')).SettingsPanel),
  thread: later(async () => (await import('./thread-panel')).ThreadPanel),
}

const TalkingSection = later(
  async () => (await import('@/features/moderation/talking-section')).TalkingSection,
)
const PreviewsSection = later(
  async () => (await import('@/features/previews/previews-section')).PreviewsSection,
)
const IntegrationsSection = later(
  async () => (await import('@/features/integrations/room-section')).IntegrationsSection,
)
const OffNotice = later(async () => (await import('@/features/integrations/off-notice')).OffNotice)
const RoomExport = later(async () => (await import('@/features/exporting/room-export')).RoomExport)

/** Pages in the centre, at `/rooms/view/<name>`. */
export const views: Readonly<Record<string, ComponentType>> = {
  ...keepingViews,
  search: later(
    async () => (await import('@/features/search/search-view')).SearchView,
    MissingPart,
  ),
  mentions: later(
    async () => (await import('@/features/mentions/mentions-page')).MentionsPage,
    MissingPart,
  ),
  contacts: later(
    async () => (await import('@/features/people/contacts-page')).ContactsPage,
    MissingPart,
  ),
  threads: later(
    async () => (await import('@/features/threads/threads-page')).ThreadsPage,
    MissingPart,
  ),
}

export function Parts({ children }: { children: ReactNode }) {
  const emoji = useEmojiParts()
  return (
    <RowPartsContext value={useRowPartsOfAll(emoji)}>
      <ComposerPartsContext value={useComposerPartsOfAll(emoji)}>
        <RoomPartsContext value={useRoomPartsOfAll()}>
          <FilesRoot>
            <EmojiProvider parts={emoji}>{children}</EmojiProvider>
          </FilesRoot>
          <ModerationQuestions />
          <PersonHost />
          <QuietWatch />
          <MissingPartNotice />
          <KeepingRoot />
          <ForThoseWhoRunIt />
        </RoomPartsContext>
      </ComposerPartsContext>
    </RowPartsContext>
  )
}

/** What only the server's admins hear of. */
const ForThoseWhoRunIt = () => useMe().role !== 'member' && <OffNotice />

function useRowPartsOfAll(emoji: EmojiParts): RowParts {
  const actions = useRowActions(emoji)
  return useMemo(
    () => ({
      ...noRowParts,
      above: [...keepingRows.above, ThreadOrigin],
      bodies: { poll: PollBody, files: FilesBody, ...keepingRows.bodies },
      pending: Pending,
      marks: [PinMark, ...keepingRows.marks, Ticks],
      below: [...keepingRows.below, PreviewCards, ReactionChips, ThreadLine],
      actions: actions.actions,
      many: actions.many,
    }),
    [actions],
  )
}

/** What a message of mine on its way brings along. */
function Pending({ id, files }: { id: string; files: readonly Attached[] }) {
  const [first] = files
  return first?.voice ? (
    <PendingVoice id={id} file={first} />
  ) : (
    <PendingFiles id={id} files={files} />
  )
}

/** None until the page has a moment: the first paint is of words. */
function useRowActions(emoji: EmojiParts): Pick<RowParts, 'actions' | 'many'> {
  const engine = useEngine()
  const openPanel = useOpenPanel()
  const [actions, setActions] = useState<Pick<RowParts, 'actions' | 'many'>>(noRowParts)
  useEffect(() => {
    let gone = false
    const cancel = whenIdle(async () => {
      const { rowActions, manyActions } = await import('./row-actions')
      if (!gone) setActions({ actions: rowActions(emoji, engine, openPanel), many: manyActions })
    })
    return () => {
      gone = true
      cancel()
    }
  }, [emoji, engine, openPanel])
  return actions
}

/** Shows a panel beside a room; where the room is in front it stays as it is. */
function useOpenPanel(): (roomId: string, panel: string) => void {
  const navigate = useNavigate()
  return useCallback(
    (roomId, panel) =>
      void navigate({ to: '/rooms/$roomId', params: { roomId }, search: { panel } }),
    [navigate],
  )
}

function useComposerPartsOfAll({ book }: EmojiParts): ComposerParts {
  const engine = useEngine()
  return useMemo(() => {
    const keeping = keepingComposer(engine)
    return {
      ...keeping,
      completers: [emojiCompleter(book), ...keeping.completers],
      buttons: [AttachButton, EmojiButton, PollButton, ...keeping.buttons],
      trays: [TrayEntry, ...keeping.trays],
    }
  }, [book, engine])
}

function useRoomPartsOfAll(): RoomParts {
  return useMemo(
    () => ({
      ...noRoomParts,
      banners: [QuietBanner],
      settings: [
        TalkingSection,
        PreviewsSection,
        ...keepingRooms.settings,
        IntegrationsSection,
        RoomExport,
      ],
      headerButtons: [ModerationButton, PinsButton, FilesButton, SearchButton],
      headerMenu: [searchLine, pinsLine, filesLine, moderationLine],
      sideLinks: [SearchLink, ThreadsLink, MentionsLink, ...keepingRooms.sideLinks, ContactsLink],
      rowMarks: [...keepingRooms.rowMarks, ThreadMark],
    }),
    [],
  )
}
