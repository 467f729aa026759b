import { m } from '@/i18n/paraglide/messages.js'
import { Badge } from './Badge'

/** Beside the name of a program's account, wherever one could take it for a person. */
export const BotMark = () => (
  <span className="shrink-0 uppercase">
    <Badge tone="quiet">{m.ui_bot()}</Badge>
  </span>
)
