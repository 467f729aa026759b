import type { Account, OwnAccount } from '@/wire/accounts'
import type { ApplyTable } from './dispatch'
import { meet } from './reducer'
import type { Replica } from './state'

/** R7. Here and not in a feature: whose replica this is belongs to sync itself. */
export const accountsApply: ApplyTable = {
  'account.created': (replica, { data: { account } }) => takeOwn(replica, account),
  'account.changed': (replica, { data: { account } }) => takeOwn(replica, account),
  'device.signed_in': (replica, { data: { device } }) => ({
    ...replica,
    devices: [...replica.devices.filter((other) => other.id !== device.id), device],
  }),
  'device.renamed': (replica, { data: { device_id, name } }) => ({
    ...replica,
    devices: replica.devices.map((device) =>
      device.id === device_id ? { ...device, name } : device,
    ),
  }),
  'device.signed_out': (replica, { data: { device_id } }) => ({
    ...replica,
    devices: replica.devices.filter((device) => device.id !== device_id),
  }),
}

function takeOwn(replica: Replica, account: OwnAccount): Replica {
  return meet({ ...replica, account }, [asSeenByOthers(account)])
}

/** Me as a message's author. */
export function asSeenByOthers(account: OwnAccount): Account {
  const { id, username, display_name, hue, status_text, status_emoji, status_until, avatar } =
    account
  return {
    id,
    username,
    display_name,
    hue,
    status_text,
    status_emoji,
    status_until,
    is_bot: false,
    deactivated: false,
    avatar,
  }
}
