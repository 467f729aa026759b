import type { OutgoingWebhook } from '@/wire/integrations'

const KEY = 'tertulia.webhooks-told'

/** Those that are off and that this browser did not tell of yet; from now on it has. */
export function untold(
  hooks: readonly OutgoingWebhook[],
  memory: Pick<Storage, 'getItem' | 'setItem'>,
): OutgoingWebhook[] {
  const told = new Set((memory.getItem(KEY) ?? '').split('\n'))
  const off = hooks.filter((hook) => hook.disabled_at !== null)
  memory.setItem(KEY, off.map(nameOf).join('\n'))
  return off.filter((hook) => !told.has(nameOf(hook)))
}

/** Turned on and off again it is news again. */
const nameOf = ({ id, disabled_at }: OutgoingWebhook) => `${id} ${disabled_at}`
