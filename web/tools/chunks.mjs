// What is fetched together. Left alone, the bundler cuts the first page into two dozen slivers, each
// a round trip; grouped, it is five requests, and the vendor chunks outlive our deploys.

/** @param {string[]} parts of paths @returns {(id: string) => boolean} */
const holds = (...parts) => {
  return (id) => parts.some((part) => id.includes(part))
}

/** Needed by every page, signed in or not. */
const basics = holds(
  ...['Button', 'Spinner', 'Mark', 'EmptyState', 'ErrorState', 'Banner', 'Avatar', 'Skeleton'].map(
    (name) => `/src/ui/${name}.tsx`,
  ),
  ...[
    '/src/ui/Field',
    '/src/ui/TextField',
    '/src/ui/PasswordField',
    '/src/ui/Toast',
    '/src/ui/toasts',
  ],
  ...[
    'class-names',
    'page-title',
    'session',
    'refresh',
    'http',
    'preferences',
    'attention',
    'text',
  ].map((name) => `/src/lib/${name}.ts`),
  ...['/src/wire/limits', '/src/features/accounts/actions', '/src/features/accounts/api.'],
  ...['/src/i18n/errors', '/src/i18n/locale', 'paraglide/runtime', 'paraglide/registry'],
  ...['ui', 'error', 'field', 'accounts_sign_in.', 'accounts_sign_out.', 'accounts_sign_up.'].map(
    (name) => `paraglide/messages/${name.endsWith('.') ? name : `${name}_`}`,
  ),
)

/** The pages before the door, and the words only they say. */
const doors = (/** @type {string} */ id) =>
  (id.includes('/src/features/accounts/') && !id.includes('/settings/')) ||
  /paraglide\/messages\/accounts_(by_|closed|display_name\.|front|have_|invite|no_|password\.|password_hint|set_up|setup|sign_in_|sign_up_|username)/.test(
    id,
  )

/** Asking the server a question: the rooms are told without, only pages and dialogs ask. */
const queries = (/** @type {string} */ id) =>
  /@tanstack\/(react-query\/.*\/(use\w*|suspense|errorBoundaryUtils|IsRestoringProvider|QueryErrorResetBoundary)\.js|query-core\/.*(query|Query|mutation)Observer\.js)/.test(
    id,
  )

export const chunks = [
  { name: 'vendor', priority: 3, test: /node_modules\/(react|react-dom|scheduler|zustand)\// },
  // Not what they import: that is needed at once, by the client they all share.
  { name: 'queries', priority: 4, test: queries, includeDependenciesRecursively: false },
  { name: 'router', priority: 3, test: /node_modules\/@tanstack\/(?!react-virtual|virtual-core)/ },
  { name: 'basics', priority: 2, test: basics },
  // Not what they import: that would drag what the rooms share in here.
  { name: 'doors', priority: 1, test: doors, includeDependenciesRecursively: false },
]
