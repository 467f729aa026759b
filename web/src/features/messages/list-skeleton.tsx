import { useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Skeleton } from '@/ui/Skeleton'

/** Shapes of messages, but only for those who wait longer than a blink. */
export function ListSkeleton() {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div
      role="status"
      aria-label={m.ui_loading()}
      className="flex min-h-0 grow flex-col justify-end gap-5 overflow-hidden px-5 pb-4"
    >
      {shown &&
        [72, 40, 88, 56, 64].map((width) => (
          <div key={width} className="flex gap-3">
            <Skeleton className="size-(--avatar) rounded-full!" />
            <div className="flex grow flex-col gap-2">
              <Skeleton className="h-3.5 w-32" />
              <span className="block" style={{ width: `${width}%` }}>
                <Skeleton className="h-4 w-full" />
              </span>
            </div>
          </div>
        ))}
    </div>
  )
}
