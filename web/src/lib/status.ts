import type { Account } from '@/wire/accounts'

/** P10: emoji and words, until their time is up. */
export function statusOf(
  account: Pick<Account, 'status_text' | 'status_emoji' | 'status_until'>,
  now: number,
): string {
  if (account.status_until !== null && Date.parse(account.status_until) <= now) return ''
  return [account.status_emoji, account.status_text].filter(Boolean).join(' ')
}
