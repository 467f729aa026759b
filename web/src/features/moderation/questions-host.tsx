import { later } from '@/lib/later'
import { askReport, useReported } from '@/lib/reporting'
import { askRemove, useQuestion } from './questions'

const ReportDialog = later(async () => (await import('./report-dialog')).ReportDialog)
const RemoveDialog = later(async () => (await import('./remove-dialog')).RemoveDialog)

/** The dialogs of this feature, drawn where nothing scrolls them away. */
export function ModerationQuestions() {
  const question = useQuestion((state) => state.question)
  const reported = useReported((state) => state.reported)
  if (reported) return <ReportDialog reported={reported} onClose={() => askReport(null)} />
  return question && <RemoveDialog {...question} onClose={() => askRemove(null)} />
}
