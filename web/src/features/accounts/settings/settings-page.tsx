import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import {
  ArrowLeftIcon,
  ChevronRightIcon,
  KeyRoundIcon,
  type LucideIcon,
  MonitorSmartphoneIcon,
  PaletteIcon,
  UserRoundIcon,
} from 'lucide-react'
import { type ComponentType, Fragment, useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { usePageTitle } from '@/lib/page-title'
import { useMe } from '@/lib/session'
import { useShortcut } from '@/lib/shortcuts'
import { IconButton } from '@/ui/IconButton'
import { AppearanceSection } from './appearance-section'
import { PasswordSection } from './password-section'
import { ProfileSection } from './profile-section'
import { SessionsSection } from './sessions-section'

export interface Section {
  name: string
  label: () => string
  Icon: LucideIcon
  Content: ComponentType
  /** Of the whole server: for who runs it. */
  admins?: true
}

const first: Section = {
  name: 'profile',
  label: m.accounts_settings_profile,
  Icon: UserRoundIcon,
  Content: ProfileSection,
}

const own: readonly Section[] = [
  first,
  {
    name: 'appearance',
    label: m.accounts_settings_appearance,
    Icon: PaletteIcon,
    Content: AppearanceSection,
  },
  {
    name: 'sessions',
    label: m.accounts_settings_sessions,
    Icon: MonitorSmartphoneIcon,
    Content: SessionsSection,
  },
  {
    name: 'password',
    label: m.accounts_settings_password,
    Icon: KeyRoundIcon,
    Content: PasswordSection,
  },
]

/** A full page; on narrow screens the list and each section are two levels of history. */
export function SettingsPage({ more }: { more: readonly Section[] }) {
  const runs = useMe().role !== 'member'
  const sections = [...own, ...more].filter((section) => runs || !section.admins)
  const firstOfServer = sections.find((section) => section.admins)
  const { section: asked } = useParams({ from: '/signed-in/settings/{-$section}' })
  const leave = useLeave()
  useListBehind(asked)
  const shown = sections.find((section) => section.name === asked) ?? first
  usePageTitle(`${shown.label()} · ${m.app_settings()}`)
  return (
    <div className="flex h-dvh bg-sunken">
      <nav
        aria-label={m.app_settings()}
        data-landmark
        tabIndex={-1}
        className={cx(
          'w-full shrink-0 flex-col gap-1 overflow-y-auto p-3 outline-none wide:flex wide:w-68',
          asked ? 'hidden' : 'flex',
        )}
      >
        <div className="mb-3 flex items-center gap-1">
          <IconButton
            label={m.app_back()}
            keys="Escape"
            icon={<ArrowLeftIcon aria-hidden="true" className="rtl:-scale-x-100" />}
            onClick={leave}
          />
          <h1 className="font-serif text-title">{m.app_settings()}</h1>
        </div>
        {sections.map((section) => (
          <Fragment key={section.name}>
            {section === firstOfServer && (
              <h2 className="px-3 pt-5 pb-1 text-small font-semibold text-muted">
                {m.admin_server()}
              </h2>
            )}
            <Link
              to="/settings/{-$section}"
              params={{ section: section.name }}
              // Beside each other the sections are one place: Back leaves it whole.
              replace={asked !== undefined || !isNarrow()}
              aria-current={section === shown ? 'page' : undefined}
              className="flex min-h-(--row) items-center gap-3 rounded-control px-3 transition-colors hover:bg-hover wide:aria-[current=page]:bg-accent-soft wide:aria-[current=page]:font-semibold wide:aria-[current=page]:text-accent-ink"
            >
              <section.Icon aria-hidden="true" className="size-5 shrink-0 opacity-75" />
              <span className="grow">{section.label()}</span>
              <ChevronRightIcon
                aria-hidden="true"
                className="size-5 shrink-0 text-faint wide:hidden rtl:-scale-x-100"
              />
            </Link>
          </Fragment>
        ))}
      </nav>
      <main
        data-landmark
        tabIndex={-1}
        className={cx(
          'min-w-0 grow overflow-y-auto bg-paper outline-none wide:m-2 wide:ms-0 wide:rounded-card wide:border wide:border-line wide:block',
          asked ? 'block' : 'hidden',
        )}
      >
        {/* The list and its heading are another level there. */}
        <h1 className="sr-only wide:hidden">{m.app_settings()}</h1>
        <div className="mx-auto max-w-2xl px-5 py-4 wide:px-10 wide:py-10">
          <div className="mb-6 flex items-center gap-1">
            <span className="wide:hidden">
              <IconButton
                label={m.app_back()}
                icon={<ArrowLeftIcon aria-hidden="true" className="rtl:-scale-x-100" />}
                onClick={leave}
              />
            </span>
            <h2 className="font-serif text-[2rem] leading-tight font-bold">{shown.label()}</h2>
          </div>
          <shown.Content />
        </div>
      </main>
    </div>
  )
}

const isNarrow = () => !matchMedia('(min-width: 48.0625rem)').matches

/** A link straight to a section has nothing behind it: on a phone, Back leads to the list. */
function useListBehind(asked: string | undefined): void {
  const { history } = useRouter()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only how one arrived matters
  useEffect(() => {
    if (!asked || history.canGoBack() || !isNarrow()) return
    const { href } = history.location
    history.replace('/settings')
    // Two changes in one breath would become one entry.
    history.flush()
    history.push(href)
  }, [])
}

/** Back to the exact place settings were opened from; to the rooms where there is none. */
function useLeave(): () => void {
  const router = useRouter()
  const navigate = useNavigate()
  const leave = () => {
    if (router.history.canGoBack()) router.history.back()
    else void navigate({ to: '/rooms', replace: true })
  }
  useShortcut({
    id: 'settings.leave',
    keys: ['Escape'],
    scope: 'room',
    label: m.app_back,
    // In a field the first Esc only steps out of it, which saves what was typed.
    run: () => (leaveField() ? undefined : leave()),
  })
  return leave
}

function leaveField(): boolean {
  const field = document.activeElement
  if (!(field instanceof HTMLInputElement) || !['text', 'password'].includes(field.type))
    return false
  field.blur()
  return true
}
