import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import type { Account } from '@/wire/accounts'
import * as api from './api'
import { useAct } from './use-act'

export function BlockQuestion({ account, onClose }: { account: Account; onClose: () => void }) {
  const { busy, act } = useAct()
  return (
    <Dialog
      size="small"
      role="alertdialog"
      title={m.people_block_title({ name: account.display_name })}
      description={m.people_block_text()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            tone="danger"
            busy={busy}
            onClick={() => void act(() => api.block(account.id)).then((done) => done && onClose())}
          >
            {m.people_block()}
          </Button>
        </>
      }
    />
  )
}
