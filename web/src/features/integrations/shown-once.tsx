import { CheckIcon, CopyIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { controlClass, Field } from '@/ui/Field'
import { IconButton } from '@/ui/IconButton'
import { toast } from '@/ui/toasts'

interface ShownOnceProps {
  title: string
  label: string
  /** The secret: it is in no answer after this one. */
  value: string
  hint: string
  /** A line for a terminal that uses it. */
  command?: string
  onClose: () => void
}

/** Hands over what is shown this once. A press outside does not lose it. */
export function ShownOnce({ title, label, value, hint, command, onClose }: ShownOnceProps) {
  return (
    <Dialog
      role="alertdialog"
      title={title}
      onClose={onClose}
      footer={<Button onClick={onClose}>{m.hooks_done()}</Button>}
    >
      <div className="flex flex-col gap-5">
        <Field label={label} hint={hint}>
          {(control) => (
            <div className="flex gap-2">
              <input
                {...control}
                readOnly
                value={value}
                dir="ltr"
                onFocus={(event) => event.target.select()}
                className={`${controlClass} min-w-0 grow font-mono text-small`}
              />
              <CopyButton what={label} value={value} />
            </div>
          )}
        </Field>
        {command && <Command text={command} />}
      </div>
    </Dialog>
  )
}

function CopyButton({ what, value }: { what: string; value: string }) {
  const [copied, setCopied] = useState(false)
  const Icon = copied ? CheckIcon : CopyIcon
  const copy = async () => {
    await copyText(value)
    setCopied(true)
    toast(m.hooks_copied())
  }
  return (
    <Button
      tone="primary"
      autoFocus
      aria-label={m.hooks_copy_of({ what })}
      icon={<Icon aria-hidden="true" className="size-5" />}
      onClick={() => void copy()}
    >
      {m.hooks_copy()}
    </Button>
  )
}

function Command({ text }: { text: string }) {
  const copy = async () => {
    await copyText(text)
    toast(m.hooks_copied())
  }
  return (
    <Lines title={m.hooks_try()}>
      <div className="flex items-start gap-1 rounded-control bg-sunken p-1 ps-3">
        <pre
          dir="ltr"
          className="min-w-0 grow py-2 font-mono text-small break-all whitespace-pre-wrap"
        >
          {text}
        </pre>
        <IconButton
          size="small"
          label={m.hooks_copy_of({ what: m.hooks_try() })}
          icon={<CopyIcon aria-hidden="true" />}
          onClick={() => void copy()}
        />
      </div>
    </Lines>
  )
}

const Lines = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex flex-col gap-1.5">
    <h3 className="text-small font-semibold">{title}</h3>
    {children}
  </section>
)
