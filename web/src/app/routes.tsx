import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { later } from '@/lib/later'
import { useSession } from '@/lib/session'
import { BrokenPage, MissingPage, UnreachedPage } from './fallback-pages'

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: MissingPage })

/** Only a path of ours: a link must not be able to send people elsewhere after signing in. */
export function ownPath(next: unknown): string | undefined {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

const isSignedIn = () => useSession.getState().account !== null

const frontRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    if (isSignedIn()) throw redirect({ to: '/rooms', replace: true })
  },
  component: lazyRouteComponent(() => import('@/features/accounts/front-page'), 'FrontPage'),
})

interface Entry {
  /** Where to go afterwards. */
  next?: string | undefined
}

function entrySearch(search: Record<string, unknown>): Entry {
  const next = ownPath(search.next)
  return next ? { next } : {}
}

/**
 * For pages that make no sense once signed in. `next` is looked at again: the router hands over the
 * address's own search beneath what `validateSearch` let through.
 */
function onlySignedOut({ search }: { search: Entry }): void {
  if (isSignedIn()) throw redirect({ href: ownPath(search.next) ?? '/rooms', replace: true })
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: entrySearch,
  beforeLoad: onlySignedOut,
  component: lazyRouteComponent(() => import('@/features/accounts/sign-in-page'), 'SignInPage'),
})

const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-up',
  validateSearch: entrySearch,
  beforeLoad: onlySignedOut,
  component: lazyRouteComponent(() => import('@/features/accounts/sign-up-page'), 'SignUpPage'),
})

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } => {
    const token = text(search.token)
    return token ? { token } : {}
  },
  component: lazyRouteComponent(() => import('@/features/accounts/setup-page'), 'SetupPage'),
})

const inviteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invite/$code',
  component: lazyRouteComponent(() => import('@/features/accounts/invite-page'), 'InvitePage'),
})

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: ({ location }) => {
    if (!isSignedIn()) {
      const next = location.href === '/rooms' ? {} : { next: location.href }
      throw redirect({ to: '/sign-in', search: next, replace: true })
    }
  },
  component: lazyRouteComponent(() => import('./shell/signed-in'), 'SignedIn'),
})

const shellRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/rooms',
  component: lazyRouteComponent(() => import('./shell/shell'), 'Shell'),
})

const homeRoute = createRoute({ getParentRoute: () => shellRoute, path: '/' })

const roomRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$roomId',
  validateSearch: (search: Record<string, unknown>): { panel?: string; at?: string } => {
    const [panel, at] = [text(search.panel), text(search.at)]
    return { ...(panel && { panel }), ...(at && { at }) }
  },
})

const viewRoute = createRoute({ getParentRoute: () => shellRoute, path: 'view/$view' })

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/settings/{-$section}',
  // Not kept in advance: it may be asked for while it cannot be had.
  component: later(async () => (await import('./settings-screen')).SettingsScreen, UnreachedPage),
})

const routeTree = rootRoute.addChildren([
  frontRoute,
  signInRoute,
  signUpRoute,
  setupRoute,
  inviteRoute,
  signedInRoute.addChildren([
    shellRoute.addChildren([homeRoute, roomRoute, viewRoute]),
    settingsRoute,
  ]),
])

/** `history` is the browser's own unless a test brings one. */
export function makeRouter(history?: RouterHistory) {
  return createRouter({
    ...(history && { history }),
    routeTree,
    defaultPreload: 'intent',
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: false,
  })
}

export type AppRouter = ReturnType<typeof makeRouter>

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter
  }
}
