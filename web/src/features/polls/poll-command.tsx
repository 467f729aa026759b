import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import type { PollDialogProps } from './poll-dialog'

const Dialog = later<PollDialogProps>(async () => (await import('./poll-dialog')).PollDialog)

/** What stands between quotes, as keyboards write them. */
const QUOTED = /["“”„]([^"“”„]*)["“”„]/g

/** `/poll` with a question and answers is the server's; with less, the dialog asks for the rest. */
export function pollSubmitter(text: string, { roomId, threadId }: ComposerPart): boolean {
  const rest = /^\/poll(?:\s+(.*))?$/is.exec(text.trim())
  if (!rest) return false
  const [question = (rest[1] ?? '').trim(), ...answers] = [...(rest[1] ?? '').matchAll(QUOTED)].map(
    (match) => match[1] ?? '',
  )
  if (answers.length >= 2) return false
  const options = [...answers, '', ''].slice(0, 2)
  openOverlay((close) => (
    <Dialog roomId={roomId} threadId={threadId} close={close} begun={{ question, options }} />
  ))
  return true
}
