"""The lists of everything there is: routes, commands, reactions, hydrators."""

from collections.abc import Mapping, Sequence

from litestar import Router
from litestar.types import ControllerRouterHandler

from tertulia.core.bus import Bus
from tertulia.core.commands import Command, table
from tertulia.core.db import Database
from tertulia.core.followers import Follower
from tertulia.core.grouping import Grouping
from tertulia.core.history import Hydrators
from tertulia.core.limits import Limiter
from tertulia.core.tx import Reaction, Reactions
from tertulia.core.wire import Fact
from tertulia.features.accounts import http as accounts_http
from tertulia.features.accounts import realtime as accounts_realtime
from tertulia.features.invites import http as invites_http
from tertulia.features.members import http as members_http
from tertulia.features.members import jobs as members_jobs
from tertulia.features.members import realtime as members_realtime
from tertulia.features.messages import http as messages_http
from tertulia.features.messages import jobs as messages_jobs
from tertulia.features.messages import realtime as messages_realtime
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.presence import realtime as presence_realtime
from tertulia.features.presence.live import PresenceLive
from tertulia.features.reactions import http as reactions_http
from tertulia.features.reactions import jobs as reactions_jobs
from tertulia.features.reactions import realtime as reactions_realtime
from tertulia.features.rooms import http as rooms_http
from tertulia.features.sync import http as sync_http
from tertulia.features.timeline import http as timeline_http

ROUTES: Sequence[ControllerRouterHandler] = (
    # One router for all: several features may share a path, each with its own method.
    Router(
        "/",
        route_handlers=[
            *accounts_http.ROUTES,
            *members_http.ROUTES,
            *invites_http.ROUTES,
            *messages_http.ROUTES,
            *reactions_http.ROUTES,
            Router(
                "/api/v1",
                route_handlers=[*rooms_http.ROUTES, *timeline_http.ROUTES, *sync_http.ROUTES],
            ),
        ],
    ),
)

HYDRATORS: Hydrators = {**accounts_realtime.HYDRATORS, **messages_realtime.HYDRATORS}


def reactions(*more: Reactions) -> Reactions:
    """What follows a fact in its own transaction."""
    merged: dict[type[Fact], list[Reaction]] = {}
    own = (members_jobs.REACTIONS, messages_jobs.REACTIONS, reactions_jobs.REACTIONS)
    for each in (*own, *more):
        for fact, followers in each.items():
            merged.setdefault(fact, []).extend(followers)
    return merged


def followers() -> Sequence[Follower]:
    """Who hears of every event of the log, later."""
    return ()


def commands(
    *,
    db: Database,
    bus: Bus,
    limiter: Limiter,
    sending: Grouping[Outgoing, Sent],
    presence: PresenceLive,
) -> Mapping[str, Command]:
    """Everything a socket may ask."""
    return table(
        [
            *members_realtime.commands(db),
            *messages_realtime.commands(db, limiter, sending),
            *reactions_realtime.commands(db, limiter),
            *presence_realtime.commands(db, bus, limiter, presence),
        ]
    )
