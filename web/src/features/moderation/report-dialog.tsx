import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import type { Reported } from '@/lib/reporting'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Select } from '@/ui/Select'
import { TextArea } from '@/ui/TextArea'
import { toast } from '@/ui/toasts'
import type { Category } from '@/wire/moderation'
import { fileReport } from './api'
import { categoryLabels } from './words'

interface ReportDialogProps {
  reported: Reported
  onClose: () => void
}

const categories: readonly Category[] = ['spam', 'abuse', 'illegal', 'other']

/** Sent to those who keep order in the room; without one, to those who run the server. */
export function ReportDialog({ reported, onClose }: ReportDialogProps) {
  const { roomId, messageId, person } = reported
  // Between two nobody keeps order.
  const ofServer = useSync(({ rooms }) => roomId === null || rooms[roomId]?.room.kind === 'direct')
  const [category, setCategory] = useState<Category>('spam')
  const [note, setNote] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const send = async () => {
    setBusy(true)
    try {
      await fileReport({
        room_id: roomId,
        message_id: messageId ?? null,
        account_id: person?.id ?? null,
        category,
        note,
      })
      toast(ofServer ? m.life_report_sent_server() : m.life_report_sent())
      onClose()
    } catch (refusal) {
      setError(errorText(refusal))
      setBusy(false)
    }
  }
  return (
    <Dialog
      size="small"
      title={person ? m.life_report_person({ name: person.name }) : m.life_report_title()}
      description={ofServer ? m.life_report_server_hint() : m.life_report_hint()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="danger" busy={busy} onClick={() => void send()}>
            {m.life_report_send()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label={m.life_category()}
          value={category}
          options={categories.map((value) => ({ value, label: categoryLabels[value]() }))}
          onChange={setCategory}
        />
        <TextArea
          label={m.life_report_note()}
          aside={m.ui_optional()}
          value={note}
          maxLength={1_000}
          error={error}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Dialog>
  )
}
