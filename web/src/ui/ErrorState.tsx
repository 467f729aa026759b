import { m } from '@/i18n/paraglide/messages.js'
import { Button } from './Button'
import { EmptyState } from './EmptyState'

export interface ErrorStateProps {
  title: string
  /** What happened and what to do, in a sentence. */
  text: string
  retry?: () => void
}

export function ErrorState({ title, text, retry }: ErrorStateProps) {
  return (
    <div role="alert">
      <EmptyState
        title={title}
        {...(retry && { action: <Button onClick={retry}>{m.ui_try_again()}</Button> })}
      >
        <p>{text}</p>
      </EmptyState>
    </div>
  )
}
