import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { resolveLocale } from '@/i18n/locale'
import { ApiError } from '@/lib/http'
import { whenIdle } from '@/lib/idle'
import { later } from '@/lib/later'
import { usePreferences } from '@/lib/preferences'
import { ToastRegion } from '@/ui/ToastRegion'
import type { AppRouter } from './routes'
import { useSessionWatch } from './session-watch'
import { useShortcutListener } from './shortcut-listener'
import { WindowTitle } from './window-title'

const Tips = later(async () => (await import('@/ui/Tips')).Tips)

export function App({ router }: { router: AppRouter }) {
  const [queries] = useState(makeQueryClient)
  const locale = usePreferences((state) => resolveLocale(state.locale, navigator.languages))
  useShortcutListener()
  useSessionWatch(router, queries)
  const [idle, setIdle] = useState(false)
  useEffect(() => whenIdle(() => setIdle(true)), [])
  return (
    <QueryClientProvider client={queries}>
      {/* Messages are plain function calls: another language means drawing everything anew. */}
      <RouterProvider key={locale} router={router} />
      <WindowTitle key={`${locale}-title`} />
      <ToastRegion key={`${locale}-toasts`} />
      {idle && <Tips />}
    </QueryClientProvider>
  )
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A refusal stays a refusal; only an absent server is worth asking again.
        retry: (count, error) => count < 2 && error instanceof ApiError && error.status === 0,
      },
    },
  })
}
