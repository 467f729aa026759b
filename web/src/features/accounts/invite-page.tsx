import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { useSession } from '@/lib/session'
import { hueOf } from '@/lib/text'
import { Avatar } from '@/ui/Avatar'
import { Banner } from '@/ui/Banner'
import { Button, buttonClass } from '@/ui/Button'
import { Skeleton } from '@/ui/Skeleton'
import type { InvitePreview } from '@/wire/invites'
import { acceptInvite } from './api'
import { EntryPage, linkClass } from './entry-page'
import { rememberInvite, takeInvite } from './joining'
import { inviteQuery } from './queries'

export function InvitePage() {
  const { code } = useParams({ from: '/invite/$code' })
  const account = useSession((state) => state.account)
  const preview = useQuery(inviteQuery(code))
  const { join, busy, problem } = useJoin(code)
  const next = `/invite/${encodeURIComponent(code)}`

  const started = useRef(false)
  useEffect(() => {
    // Back from making an account or signing in: the answer was already yes.
    if (!account || !preview.data || started.current || !takeInvite(code)) return
    started.current = true
    void join()
  }, [account, preview.data, code, join])

  if (preview.error) {
    return (
      <EntryPage title={m.accounts_invite_gone()}>
        <p>{errorText(preview.error)}</p>
        <Link to="/" className={buttonClass('plain')}>
          {account ? m.app_missing_action() : m.app_missing_start()}
        </Link>
      </EntryPage>
    )
  }
  return (
    <EntryPage
      title={m.accounts_invite_title()}
      problem={problem}
      foot={
        !account && (
          <>
            {m.accounts_have_account()}{' '}
            <Link
              to="/sign-in"
              search={{ next }}
              onClick={() => rememberInvite(code)}
              className={linkClass}
            >
              {m.accounts_sign_in()}
            </Link>
          </>
        )
      }
    >
      {preview.data ? <RoomCard invite={preview.data} /> : <Skeleton className="h-28 w-full" />}
      {account ? (
        <>
          <Button tone="primary" busy={busy} onClick={() => void join()}>
            {m.accounts_invite_join()}
          </Button>
          <Banner>{m.accounts_invite_as({ name: account.display_name })}</Banner>
        </>
      ) : (
        <Link
          to="/sign-up"
          search={{ next }}
          onClick={() => rememberInvite(code)}
          className={buttonClass('primary')}
        >
          {m.accounts_invite_sign_up()}
        </Link>
      )}
    </EntryPage>
  )
}

function useJoin(code: string) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const join = useCallback(async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const joined = await acceptInvite(code)
      const params = { roomId: joined.room_id }
      await navigate({ to: '/rooms/$roomId', params, replace: true })
    } catch (error) {
      setProblem(errorText(error))
      setBusy(false)
    }
  }, [code, navigate])
  return { join, busy, problem }
}

function RoomCard({ invite }: { invite: InvitePreview }) {
  const name = invite.room_name ?? m.accounts_invite_unnamed()
  return (
    <div className="flex gap-4 rounded-card border border-line bg-raised p-5 shadow-low">
      <Avatar name={name} hue={hueOf(invite.room_id)} shape="place" size="large" />
      <div className="min-w-0">
        <h2 className="font-serif text-title leading-tight" dir="auto">
          {name}
        </h2>
        {invite.topic && (
          <p className="mt-1 text-muted" dir="auto">
            {invite.topic}
          </p>
        )}
        <p className="mt-2 text-small text-muted">
          {m.accounts_invite_by({ name: invite.invited_by.display_name })}
          {' · '}
          {m.accounts_invite_members({ count: invite.member_count })}
        </p>
      </div>
    </div>
  )
}
