import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import type { Completion, ComposerPart } from '@/lib/composer-parts'
import { http } from '@/lib/http'
import { uuid7 } from '@/lib/uuid7'
import { toast } from '@/ui/toasts'
import type { CommandDone, CommandInfo, CommandInfos } from '@/wire/slash'

/** Our own words for the commands we know; a later server's come with its own. */
const summaries: Record<string, () => string> = {
  me: m.slash_say_me,
  shrug: m.slash_say_shrug,
  topic: m.slash_say_topic,
  invite: m.slash_say_invite,
  leave: m.slash_say_leave,
  mute: m.slash_say_mute,
  unmute: m.slash_say_unmute,
  remind: m.slash_say_remind,
  poll: m.slash_say_poll,
}

const done: Record<string, () => string> = {
  topic: m.slash_done_topic,
  invite: m.slash_done_invite,
  mute: m.slash_done_mute,
  unmute: m.slash_done_unmute,
}

let asked: Promise<readonly CommandInfo[]> | null = null

/** What the server can do, asked once; another try after a failure. */
function all(): Promise<readonly CommandInfo[]> {
  asked ??= http<CommandInfos>('GET', 'commands').then(({ commands }) => commands)
  asked.catch(() => {
    asked = null
  })
  return asked
}

export async function complete(query: string): Promise<readonly Completion[]> {
  return (await all())
    .filter(({ name }) => name.startsWith(query.toLowerCase()))
    .slice(0, 8)
    .map(({ name, usage, summary }) => ({
      id: name,
      label: `/${name} ${usage}`.trim(),
      detail: summaries[name]?.() ?? summary,
      insert: `/${name} `,
    }))
}

/** Gives a command; what fails comes back into the field. */
export async function give(text: string, part: ComposerPart): Promise<void> {
  try {
    const body = {
      client_id: uuid7(Date.now()),
      text: text.trim(),
      thread: part.threadId,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    }
    const { name } = await http<CommandDone>('POST', `rooms/${part.roomId}/commands`, { body })
    const said = done[name]
    if (said) toast(said())
  } catch (refusal) {
    part.replace(text)
    toast(reasonOf(refusal), { tone: 'danger' })
  }
}

/** The server's own words say what was wrong with a command. */
const reasonOf = (refusal: unknown) =>
  refusal instanceof Error &&
  refusal.name === 'ApiError' &&
  'code' in refusal &&
  refusal.code === 'invalid'
    ? refusal.message
    : errorText(refusal)
