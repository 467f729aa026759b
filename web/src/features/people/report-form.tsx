import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextArea } from '@/ui/TextArea'
import { toast } from '@/ui/toasts'
import type { Account } from '@/wire/accounts'
import * as api from './api'
import { useAct } from './use-act'

export function ReportForm({ account, onClose }: { account: Account; onClose: () => void }) {
  const [note, setNote] = useState('')
  const { busy, act } = useAct()
  const name = account.display_name
  const send = async () => {
    if (await act(() => api.report(account.id, note))) {
      toast(m.people_report_sent())
      onClose()
    }
  }
  return (
    <Dialog
      size="small"
      title={m.people_report_title({ name })}
      description={m.people_report_text({ name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="danger" busy={busy} onClick={() => void send()}>
            {m.people_report()}
          </Button>
        </>
      }
    >
      <TextArea
        label={m.people_report_note()}
        value={note}
        maxLength={1_000}
        onChange={(event) => setNote(event.target.value)}
      />
    </Dialog>
  )
}
