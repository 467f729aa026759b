import type { ComponentType } from 'react'
import { draftsApply } from '@/features/drafts/apply'
import { DraftMark } from '@/features/drafts/draft-mark'
import { DraftsLink } from '@/features/drafts/drafts-link'
import { expiryApply } from '@/features/expiry/apply'
import { ExpiryHint, ExpiryMark } from '@/features/expiry/parts'
import { forwardsBeside } from '@/features/forwards/apply'
import { hiddenApply, hiddenBeside } from '@/features/hidden/apply'
import { pollSubmitter } from '@/features/polls/poll-command'
import { laterApply } from '@/features/scheduled/apply'
import { LaterLink } from '@/features/scheduled/parts'
import { slashCompleter, slashSubmitter } from '@/features/slash/entry'
import { starsBeside } from '@/features/stars/apply'
import { StarMark, StarsLink } from '@/features/stars/star'
import { voiceBeside } from '@/features/voice/apply'
import { MicButton, VoiceTray } from '@/features/voice/mic-button'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { useOverlay } from '@/lib/overlays'
import type { RowPart } from '@/lib/row-parts'
import type { Attached } from '@/lib/uploads'
import type { Engine } from '@/sync/engine'
import { MissingPart } from './missing-part'

/** What is kept, sent on, said later or goes by itself: their shares of rows, composer and rooms. */

export const keepingApply = [draftsApply, laterApply, hiddenApply, expiryApply]
export const keepingBeside = [forwardsBeside, starsBeside, voiceBeside, hiddenBeside]

const forwarded = () => import('@/features/forwards/forwarded-from')
const Way = later<RowPart>(async () => (await forwarded()).ForwardedFrom)
const ForwardCount = later<RowPart>(async () => (await forwarded()).ForwardCount)

const Voice = later<RowPart>(async () => (await import('@/features/voice/voice-body')).VoiceBody)
/** As high as it will be: nothing jumps when it has come. */
const VoicePlace = (part: RowPart) => (
  <div className="min-h-15">
    <Voice {...part} />
  </div>
)

/** A voice message of mine that is on its way. */
export const PendingVoice = later<{ id: string; file: Attached }>(
  async () => (await import('@/features/voice/pending-voice')).PendingVoice,
)

export const keepingRows = {
  bodies: { voice: VoicePlace },
  above: [
    ({ message, ...part }: RowPart) => message.forwarded && <Way {...part} message={message} />,
  ],
  below: [
    ({ message, ...part }: RowPart) =>
      message.forwards > 0 && <ForwardCount {...part} message={message} />,
  ],
  marks: [StarMark, ExpiryMark],
}

const SendLater = later<ComposerPart>(
  async () => (await import('@/features/scheduled/send-later-button')).SendLaterButton,
)
/** Asked for with the first letter. */
const SendLaterButton = (part: ComposerPart) =>
  part.text.trim() !== '' && !part.text.startsWith('/') && <SendLater {...part} />

const RemoteDraft = later<ComposerPart>(
  async () => (await import('@/features/drafts/remote-draft')).RemoteDraft,
)

export function keepingComposer(engine: Engine) {
  const say = ({ roomId, replyTo, threadId }: ComposerPart, text: string) =>
    engine.words.send(roomId, text, replyTo, { thread: threadId, also_in_room: false })
  return {
    completers: [slashCompleter],
    hints: [ExpiryHint, RemoteDraft],
    buttons: [MicButton],
    trays: [VoiceTray],
    sending: [SendLaterButton],
    submitters: [pollSubmitter, slashSubmitter(say)],
  }
}

export const keepingRooms = {
  rowMarks: [DraftMark],
  sideLinks: [DraftsLink, StarsLink, LaterLink],
  settings: [
    later<{ roomId: string }>(
      async () => (await import('@/features/expiry/room-setting')).ExpirySetting,
    ),
    later<{ roomId: string }>(
      async () => (await import('@/features/hidden/hidden-section')).HiddenSection,
    ),
  ],
}

export const keepingViews: Readonly<Record<string, ComponentType>> = {
  drafts: later(async () => (await import('@/features/drafts/drafts-page')).DraftsPage),
  saved: later(async () => (await import('@/features/stars/saved-page')).SavedPage, MissingPart),
  later: later(
    async () => (await import('@/features/scheduled/later-page')).LaterPage,
    MissingPart,
  ),
}

const LaterBell = later(async () => (await import('@/features/scheduled/later-bell')).LaterBell)

/** What stands over everything: a dialog from a menu, and the ear for what is due. */
export function KeepingRoot() {
  const shown = useOverlay((state) => state.shown)
  return (
    <>
      <LaterBell />
      {shown}
    </>
  )
}
