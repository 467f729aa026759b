import { useId } from 'react'
import { formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { Avatar } from '@/ui/Avatar'
import { BotMark } from '@/ui/BotMark'
import { Button } from '@/ui/Button'
import type { Bot, BotToken } from '@/wire/integrations'

interface BotCardProps {
  bot: Bot
  retire: () => void
  makeToken: () => void
  revoke: (token: BotToken) => void
}

export function BotCard({ bot, retire, makeToken, revoke }: BotCardProps) {
  const id = useId()
  const { display_name: name, username, hue } = bot.account
  return (
    <section
      aria-labelledby={id}
      className="flex flex-col gap-3 rounded-card border border-line p-4"
    >
      <div className="flex items-center gap-3">
        <Avatar name={name} hue={hue} shape="place" />
        <div className="min-w-0 grow">
          <h3 id={id} className="flex items-center gap-2 font-semibold">
            <span className="truncate" dir="auto">
              {name}
            </span>
            <BotMark />
          </h3>
          <p className="truncate text-small text-muted">@{username}</p>
        </div>
        <Button
          size="small"
          tone="quiet"
          className="text-danger-ink!"
          aria-label={m.bots_retire_of({ name })}
          onClick={retire}
        >
          {m.bots_retire()}
        </Button>
      </div>
      {bot.tokens.length === 0 ? (
        <p className="text-small text-muted">{m.bots_tokens_none()}</p>
      ) : (
        <ul aria-label={m.bots_tokens_of({ name })} className="divide-y divide-line">
          {bot.tokens.map((token) => (
            <TokenRow key={token.id} token={token} revoke={() => revoke(token)} />
          ))}
        </ul>
      )}
      <Button
        size="small"
        className="self-start"
        aria-label={m.bots_token_new_of({ name })}
        onClick={makeToken}
      >
        {m.bots_token_new()}
      </Button>
    </section>
  )
}

function TokenRow({ token, revoke }: { token: BotToken; revoke: () => void }) {
  const { name, scopes, room_ids, last_used_at } = token
  const facts = [
    ...scopes.map((scope) => (scope === 'read' ? m.bots_read() : m.bots_write())),
    room_ids === null ? m.bots_rooms_all() : m.bots_rooms_count({ count: room_ids.length }),
    last_used_at
      ? m.hooks_used({ when: formatRelative(last_used_at, new Date()) })
      : m.hooks_used_never(),
  ]
  return (
    <li className="flex items-center gap-3 py-2">
      <div className="min-w-0 grow">
        <p className="truncate" dir="auto">
          {name}
        </p>
        <p className="text-small text-muted">{facts.join(' · ')}</p>
      </div>
      <Button size="small" tone="quiet" aria-label={m.bots_revoke_of({ name })} onClick={revoke}>
        {m.bots_revoke()}
      </Button>
    </li>
  )
}
