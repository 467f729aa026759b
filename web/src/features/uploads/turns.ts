/** At most so many at once; the others wait in the order they came. */
export interface Turns {
  /** Resolves with the way to give the turn back. */
  take(): Promise<() => void>
}

export function turns(atOnce: number): Turns {
  let free = atOnce
  const waiting: (() => void)[] = []
  function give(): void {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  return {
    async take() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      let given = false
      return () => {
        if (!given) give()
        given = true
      }
    },
  }
}
