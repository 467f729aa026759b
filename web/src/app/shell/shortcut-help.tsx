import { m } from '@/i18n/paraglide/messages.js'
import { type Scope, type Shortcut, scopes, useShortcuts } from '@/lib/shortcuts'
import { Dialog } from '@/ui/Dialog'
import { Kbd } from '@/ui/Kbd'

const headings: Record<Scope, () => string> = {
  global: m.app_scope_global,
  room: m.app_scope_room,
  list: m.app_scope_list,
  composer: m.app_scope_composer,
  dialog: m.app_scope_dialog,
  call: m.app_scope_call,
}

/** What the registry holds right now, so that it can never promise a key that does nothing. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const list = useShortcuts((state) => state.list)
  const groups = scopes
    .map((scope) => ({ scope, entries: unique(list.filter((entry) => entry.scope === scope)) }))
    .filter(({ entries }) => entries.length > 0)
  return (
    <Dialog title={m.app_shortcuts()} onClose={onClose} size="large">
      <div className="gap-10 wide:columns-2">
        {groups.map(({ scope, entries }) => (
          <section key={scope} className="mb-6 break-inside-avoid">
            <h3 className="mb-2 text-small font-semibold text-muted">{headings[scope]()}</h3>
            <dl>
              {entries.map((entry) => (
                <div
                  key={entry.id}
                  className="flex items-baseline justify-between gap-4 border-b border-line py-2 last:border-0"
                >
                  <dt>{entry.label()}</dt>
                  <dd className="shrink-0">
                    <Keys entry={entry} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Keys({ entry }: { entry: Shortcut }) {
  return (
    <span className="flex gap-2.5">
      {entry.keys.map((keys) => (
        <Kbd key={keys} keys={keys} />
      ))}
    </span>
  )
}

function unique(entries: readonly Shortcut[]): Shortcut[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()]
}
