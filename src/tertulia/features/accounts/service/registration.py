"""How accounts come to be, and who may make one."""

from collections.abc import Awaitable, Callable

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError
from tertulia.core.sessions import RefreshToken, Sessions
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import policy
from tertulia.features.accounts.events import AccountCreated
from tertulia.features.accounts.policy import Client, Rules
from tertulia.features.accounts.schemas import OwnAccount, Register, ServerRole
from tertulia.features.accounts.service.accounts import own_by_id
from tertulia.features.accounts.service.sessions import actor_of, end_session, sign_in
from tertulia.features.accounts.state import SignedIn
from tertulia.features.accounts.store import accounts

Redeem = Callable[[Tx, Actor, str], Awaitable[object]]
"""Follow an invite into its room, counting one use. Raises InviteInvalid."""
Admit = Callable[[Tx, str], Awaitable[bool]]
"""Is this invite code good right now? Only looks: rooms own the invites and count their uses."""


class UsernameTaken(AppError):
    code, status, title = "username_taken", 409, "That name is taken"


class RegistrationClosed(AppError):
    code, status, title = "registration_closed", 403, "New accounts need an invite"


class InviteInvalid(AppError):
    code, status, title = "invite_invalid", 404, "That invite is not valid any more"


async def require_may_register(tx: Tx, rules: Rules, admit: Admit, request: Register) -> None:
    """Everything that can refuse a registration, before a password is hashed for it.

    Raises RegistrationClosed, InviteInvalid, Invalid, UsernameTaken.
    """
    await _admission(tx, rules, admit, request)
    policy.require_good_names(request.username, request.display_name)
    if await accounts.is_username_taken(tx, policy.username_key(request.username)):
        raise UsernameTaken


async def register(
    tx: Tx,
    sessions: Sessions,
    rules: Rules,
    admit: Admit,
    request: Register,
    *,
    redeem: Redeem,
    password_hash: str,
    client: Client,
    replaced: RefreshToken | None = None,
) -> SignedIn:
    """Make an account and sign its first device in. Raises as `require_may_register`.

    The invite that let somebody in is used up by it, in this transaction: a link for one brings
    one. On an open server an invite that is no good does no harm.

    `replaced` is the session that this browser held until now; it ends.
    """
    policy.require_good_names(request.username, request.display_name)
    account = await _insert_account(tx, rules, admit, request, password_hash)
    stream = account_stream(account.id)
    await tx.open_stream(stream)
    await end_session(tx, sessions, replaced)
    actor = actor_of(account, tx.ids.uuid7())
    tx.emit(stream, AccountCreated(account=account), actor)
    signed_in = await sign_in(tx, sessions, account, actor, client)
    invite = None if account.role == "owner" else request.invite
    # By invite only, a link that was good a moment ago must still be: ten may hold it.
    if invite is not None and (rules.registration == "invite" or await admit(tx, invite)):
        await redeem(tx, actor, invite)
    return signed_in


async def _admission(tx: Tx, rules: Rules, admit: Admit, request: Register) -> ServerRole:
    needs_owner = not await accounts.has_owner(tx)
    invite_good = None
    if rules.registration == "invite" and not needs_owner and request.invite is not None:
        invite_good = await admit(tx, request.invite)
    verdict = policy.admit(
        rules,
        needs_owner=needs_owner,
        setup_token=request.setup_token,
        invite_good=invite_good,
    )
    if verdict == "invite_wrong":
        raise InviteInvalid
    if verdict == "setup_token_wrong":
        raise RegistrationClosed("Open the first-run link that the server printed.")
    if verdict == "closed":
        raise RegistrationClosed
    return verdict


async def _insert_account(
    tx: Tx, rules: Rules, admit: Admit, request: Register, password_hash: str
) -> OwnAccount:
    """Of two who race to be first, the second comes here again as somebody who is not."""
    account_id = tx.ids.uuid7()
    for _ in range(2):
        role = await _admission(tx, rules, admit, request)
        new = accounts.NewAccount(
            id=account_id,
            username=request.username,
            username_key=policy.username_key(request.username),
            display_name=policy.tidy(request.display_name or request.username),
            hue=policy.hue_of(account_id),
            email=request.email,
            password_hash=password_hash,
            role=role,
        )
        if await accounts.insert_account(tx, new):
            return await own_by_id(tx, account_id)
    raise UsernameTaken
