import { type ComponentType, lazy, Suspense, useState } from 'react'

/** Told to the window where a part that somebody asked for could not be fetched. */
export const PART_MISSING = 'tertulia:part-missing'

/**
 * A part of the screen that is fetched when it is first asked for: nobody needs it to read a room.
 * Where the server is away, `Missing` stands there instead, and the next time it is tried again.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Missing: ComponentType = Nothing,
) {
  const fetched = () =>
    lazy(async () => {
      try {
        return { default: await load() }
      } catch {
        // A lazy part would fail for ever.
        Part = fetched()
        dispatchEvent(new Event(PART_MISSING))
        return { default: Missing as ComponentType<Props> }
      }
    })
  let Part = fetched()
  return function Later(props: Props) {
    const [Mine] = useState(() => Part)
    return (
      <Suspense>
        <Mine {...props} />
      </Suspense>
    )
  }
}

const Nothing = () => null
