import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { resolveLocale } from '@/i18n/locale'
import { ApiError } from '@/lib/http'
import { usePreferences } from '@/lib/preferences'
import { ToastRegion } from '@/ui/ToastRegion'
import type { AppRouter } from './routes'
import { useSessionWatch } from './session-watch'
import { useShortcutListener } from './shortcut-listener'
import { WindowTitle } from './window-title'

export function App({ router }: { router: AppRouter }) {
  const [queries] = useState(makeQueryClient)
  const locale = usePreferences((state) => resolveLocale(state.locale, navigator.languages))
  useShortcutListener()
  useSessionWatch(router, queries)
  return (
    <QueryClientProvider client={queries}>
      {/* Messages are plain function calls: another language means drawing everything anew. */}
      <RouterProvider key={locale} router={router} />
      <WindowTitle key={`${locale}-title`} />
      <ToastRegion key={`${locale}-toasts`} />
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
