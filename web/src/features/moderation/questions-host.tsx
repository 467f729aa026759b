import { later } from '@/lib/later'
import { askAbout, useQuestion } from './questions'

const ReportDialog = later(async () => (await import('./report-dialog')).ReportDialog)
const RemoveDialog = later(async () => (await import('./remove-dialog')).RemoveDialog)

/** The dialogs of this feature, drawn where nothing scrolls them away. */
export function ModerationQuestions() {
  const question = useQuestion((state) => state.question)
  if (question === null) return null
  const close = () => askAbout(null)
  const { roomId, messageId } = question
  return question.ask === 'report' ? (
    <ReportDialog roomId={roomId} messageId={messageId} onClose={close} />
  ) : (
    <RemoveDialog roomId={roomId} messageId={messageId} onClose={close} />
  )
}
