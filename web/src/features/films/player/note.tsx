import { type ReactNode, useCallback, useEffect, useState } from 'react'

const SHOWN = 900 // ms

/** A word about what a key did, for a moment; read aloud as well. */
export function useNote(): { note: (text: string) => void; shown: ReactNode } {
  const [told, setTold] = useState({ text: '', times: 0 })
  const { text, times } = told
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same word again is shown anew
  useEffect(() => {
    const timer = setTimeout(() => setTold((was) => ({ ...was, text: '' })), SHOWN)
    return () => clearTimeout(timer)
  }, [times])
  const note = useCallback(
    (said: string) => setTold((was) => ({ text: said, times: was.times + 1 })),
    [],
  )
  const shown = (
    <p role="status" className="pointer-events-none absolute inset-x-0 top-4 text-center">
      {text && (
        <span
          key={times}
          className="inline-block animate-fade rounded-full bg-glass px-4 py-1.5 font-semibold text-ink tabular-nums shadow-mid backdrop-blur-md"
        >
          {text}
        </span>
      )}
    </p>
  )
  return { note, shown }
}
