import { m } from '@/i18n/paraglide/messages.js'
import type { Completer, ComposerPart } from '@/lib/composer-parts'

const commands = () => import('./commands')

/** Completes a command at the very start of what is written. */
export const slashCompleter: Completer = {
  id: 'slash',
  trigger: /^\/([^/\s]*)$/,
  label: m.slash_commands,
  find: () => [],
  more: async (query) => (await commands()).complete(query),
}

/** Takes a line that is a command; `//` says a slash, by `say`. */
export function slashSubmitter(say: (part: ComposerPart, text: string) => void) {
  return (text: string, part: ComposerPart): boolean => {
    if (text.startsWith('//')) {
      say(part, text.slice(1))
      return true
    }
    if (!/^\/[^/\s]/.test(text)) return false
    commands().then(
      ({ give }) => give(text, part),
      () => part.replace(text), // the rest of the client could not be fetched
    )
    return true
  }
}
