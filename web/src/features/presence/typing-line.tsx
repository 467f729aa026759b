import { useShallow } from 'zustand/react/shallow'
import { m } from '@/i18n/paraglide/messages.js'
import { usePerson, useSync } from '@/sync/react'

/** Who is writing in a room or a thread: a line always there, so that nothing moves as it fills. */
export function TypingLine({ talk, myId }: { talk: string; myId: string }) {
  const ids = useSync(
    useShallow((state) => Object.keys(state.typing[talk] ?? {}).filter((id) => id !== myId)),
  )
  const first = usePerson(ids[0])
  const second = usePerson(ids[1])
  const text = sentence(ids.length, first?.display_name, second?.display_name)
  return (
    // Not announced: it would speak over what is being read.
    <p className="flex h-6 shrink-0 items-center gap-2 px-5 text-small text-live-ink" dir="auto">
      {text && (
        <>
          <span aria-hidden="true" className="flex gap-0.5">
            {[0, 1, 2].map((dot) => (
              <span
                key={dot}
                className="size-1.5 animate-breathe rounded-full bg-live"
                style={{ animationDelay: `${dot * 200}ms` }}
              />
            ))}
          </span>
          <span className="truncate">{text}</span>
        </>
      )}
    </p>
  )
}

function sentence(count: number, first?: string, second?: string): string | null {
  if (count === 0 || !first) return null
  if (count === 1) return m.presence_typing_one({ name: first })
  if (count === 2 && second) return m.presence_typing_two({ first, second })
  return m.presence_typing_many()
}
