import { type ComponentType, lazy, Suspense } from 'react'

/** A part of the screen that is fetched when it is first asked for: nobody needs it to read a room. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  const Part = lazy(async () => ({ default: await load() }))
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, at module level
  return function Later(props: Props) {
    return (
      <Suspense>
        <Part {...props} />
      </Suspense>
    )
  }
}
