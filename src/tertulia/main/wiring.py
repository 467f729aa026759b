"""The lists of everything there is: routes, commands, reactions, hydrators."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from litestar import Router
from litestar.types import ControllerRouterHandler

from tertulia.core.bus import Bus
from tertulia.core.clock import Clock
from tertulia.core.commands import Command, table
from tertulia.core.db import Database
from tertulia.core.followers import Follower
from tertulia.core.grouping import Grouping
from tertulia.core.history import Hydrators
from tertulia.core.jobs import Job
from tertulia.core.limits import Limiter
from tertulia.core.storage import DirectBucket
from tertulia.core.tx import Reaction, Reactions
from tertulia.core.wire import Fact
from tertulia.features.accounts import http as accounts_http
from tertulia.features.accounts import jobs as accounts_jobs
from tertulia.features.accounts import realtime as accounts_realtime
from tertulia.features.direct import http as direct_http
from tertulia.features.direct import jobs as direct_jobs
from tertulia.features.drafts import http as drafts_http
from tertulia.features.drafts import jobs as drafts_jobs
from tertulia.features.drafts import realtime as drafts_realtime
from tertulia.features.emoji import http as emoji_http
from tertulia.features.expiry import jobs as expiry_jobs
from tertulia.features.exporting import http as exporting_http
from tertulia.features.exporting import jobs as exporting_jobs
from tertulia.features.files import http as files_http
from tertulia.features.files import jobs as files_jobs
from tertulia.features.files import realtime as files_realtime
from tertulia.features.files.jobs import Settling
from tertulia.features.films import http as films_http
from tertulia.features.films import jobs as films_jobs
from tertulia.features.films import realtime as films_realtime
from tertulia.features.films.jobs import Works
from tertulia.features.films.jobs import reacting as film_reactions
from tertulia.features.forwards import http as forwards_http
from tertulia.features.groups import http as groups_http
from tertulia.features.hidden import http as hidden_http
from tertulia.features.hidden import realtime as hidden_realtime
from tertulia.features.inbox import http as inbox_http
from tertulia.features.integrations import http as integrations_http
from tertulia.features.integrations import jobs as integrations_jobs
from tertulia.features.integrations.jobs import Posting
from tertulia.features.invites import http as invites_http
from tertulia.features.listens import http as listens_http
from tertulia.features.listens import jobs as listens_jobs
from tertulia.features.listens import realtime as listens_realtime
from tertulia.features.media import http as media_http
from tertulia.features.members import http as members_http
from tertulia.features.members import jobs as members_jobs
from tertulia.features.members import realtime as members_realtime
from tertulia.features.members.service import Reading
from tertulia.features.messages import http as messages_http
from tertulia.features.messages import jobs as messages_jobs
from tertulia.features.messages import realtime as messages_realtime
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.moderation import http as moderation_http
from tertulia.features.operations import http as operations_http
from tertulia.features.people import http as people_http
from tertulia.features.pins import http as pins_http
from tertulia.features.pins import jobs as pins_jobs
from tertulia.features.pins import realtime as pins_realtime
from tertulia.features.polls import http as polls_http
from tertulia.features.polls import jobs as polls_jobs
from tertulia.features.polls import realtime as polls_realtime
from tertulia.features.preferences import http as preferences_http
from tertulia.features.presence import http as presence_http
from tertulia.features.presence import jobs as presence_jobs
from tertulia.features.presence import realtime as presence_realtime
from tertulia.features.presence.live import PresenceLive
from tertulia.features.previews import http as previews_http
from tertulia.features.previews import jobs as previews_jobs
from tertulia.features.previews.jobs import Fetching
from tertulia.features.reactions import http as reactions_http
from tertulia.features.reactions import jobs as reactions_jobs
from tertulia.features.reactions import realtime as reactions_realtime
from tertulia.features.receipts import http as receipts_http
from tertulia.features.receipts import jobs as receipts_jobs
from tertulia.features.receipts import realtime as receipts_realtime
from tertulia.features.receipts.live import Due
from tertulia.features.reminders import http as reminders_http
from tertulia.features.reminders import jobs as reminders_jobs
from tertulia.features.reminders import realtime as reminders_realtime
from tertulia.features.rooms import http as rooms_http
from tertulia.features.rooms import jobs as rooms_jobs
from tertulia.features.scheduled import http as scheduled_http
from tertulia.features.scheduled import jobs as scheduled_jobs
from tertulia.features.scheduled import realtime as scheduled_realtime
from tertulia.features.search import http as search_http
from tertulia.features.search import jobs as search_jobs
from tertulia.features.slash import http as slash_http
from tertulia.features.stars import http as stars_http
from tertulia.features.stars import realtime as stars_realtime
from tertulia.features.sync import http as sync_http
from tertulia.features.threads import http as threads_http
from tertulia.features.threads import jobs as threads_jobs
from tertulia.features.threads import realtime as threads_realtime
from tertulia.features.timeline import http as timeline_http
from tertulia.features.timeline import realtime as timeline_realtime
from tertulia.features.uploads import http as uploads_http
from tertulia.features.uploads import jobs as uploads_jobs

ROUTES: Sequence[ControllerRouterHandler] = (
    # One router for all: several features may share a path, each with its own method.
    Router(
        "/",
        route_handlers=[
            *accounts_http.ROUTES,
            *people_http.ROUTES,
            *uploads_http.ROUTES,
            *direct_http.ROUTES,
            *emoji_http.ROUTES,
            *preferences_http.ROUTES,
            *members_http.ROUTES,
            *invites_http.ROUTES,
            *messages_http.ROUTES,
            *media_http.ROUTES,
            *files_http.ROUTES,
            *moderation_http.ROUTES,
            *reactions_http.ROUTES,
            *previews_http.ROUTES,
            *integrations_http.ROUTES,
            *pins_http.ROUTES,
            *polls_http.ROUTES,
            *threads_http.ROUTES,
            *groups_http.ROUTES,
            *operations_http.ROUTES,
            *films_http.ROUTES,
            *inbox_http.ROUTES,
            Router(
                "/api/v1",
                route_handlers=[
                    *rooms_http.ROUTES,
                    *drafts_http.ROUTES,
                    *hidden_http.ROUTES,
                    *stars_http.ROUTES,
                    *listens_http.ROUTES,
                    *forwards_http.ROUTES,
                    *scheduled_http.ROUTES,
                    *reminders_http.ROUTES,
                    *slash_http.ROUTES,
                    *presence_http.ROUTES,
                    *receipts_http.ROUTES,
                    *timeline_http.ROUTES,
                    *search_http.ROUTES,
                    *exporting_http.ROUTES,
                    *sync_http.ROUTES,
                ],
            ),
        ],
    ),
)

HYDRATORS: Hydrators = {
    **accounts_realtime.HYDRATORS,
    **messages_realtime.HYDRATORS,
    **files_realtime.HYDRATORS,
    **films_realtime.HYDRATORS,
    **drafts_realtime.HYDRATORS,
    **scheduled_realtime.HYDRATORS,
    **reminders_realtime.HYDRATORS,
    **threads_realtime.HYDRATORS,
}


def reactions(*more: Reactions) -> Reactions:
    """What follows a fact in its own transaction."""
    merged: dict[type[Fact], list[Reaction]] = {}
    own = (
        rooms_jobs.REACTIONS,
        members_jobs.REACTIONS,
        messages_jobs.REACTIONS,
        drafts_jobs.REACTIONS,
        reactions_jobs.REACTIONS,
        previews_jobs.REACTIONS,
        pins_jobs.REACTIONS,
        polls_jobs.REACTIONS,
        film_reactions.REACTIONS,
        listens_jobs.REACTIONS,
        threads_jobs.REACTIONS,
        search_jobs.REACTIONS,
        receipts_jobs.REACTIONS,
        presence_jobs.REACTIONS,
    )
    for each in (*own, *more):
        for fact, followers in each.items():
            merged.setdefault(fact, []).extend(followers)
    return merged


def jobs(
    exports: Path,
    fetching: Fetching,
    posting: Posting,
    settling: Settling,
    films: Works,
    bucket: DirectBucket | None,
    clock: Clock,
) -> Sequence[Job[Any]]:
    """What is done later, and what again and again. `exports` is the folder of their files."""
    return (
        *accounts_jobs.jobs(),
        *expiry_jobs.jobs(),
        *polls_jobs.jobs(),
        *scheduled_jobs.jobs(),
        *reminders_jobs.jobs(),
        *previews_jobs.jobs(fetching),
        *integrations_jobs.jobs(posting),
        *files_jobs.jobs(settling),
        *films_jobs.jobs(films),
        *exporting_jobs.jobs(exporting_jobs.Folder(exports), settling.storage),
        *uploads_jobs.jobs(settling.incoming),
        *direct_jobs.jobs(bucket, clock),
    )


def followers(*, previews: bool = True) -> Sequence[Follower]:
    """Who hears of every event of the log, later."""
    looking = (previews_jobs.FOLLOWER,) if previews else ()
    return (search_jobs.FOLLOWER, integrations_jobs.FOLLOWER, *looking)


def commands(
    *,
    db: Database,
    bus: Bus,
    limiter: Limiter,
    sending: Grouping[Outgoing, Sent],
    reading: Grouping[Reading, None],
    presence: PresenceLive,
    receipts: Due,
) -> Mapping[str, Command]:
    """Everything a socket may ask."""
    return table(
        [
            *members_realtime.commands(reading),
            *timeline_realtime.commands(db),
            *messages_realtime.commands(db, limiter, sending),
            *drafts_realtime.commands(db),
            *hidden_realtime.commands(db, limiter),
            *stars_realtime.commands(db, limiter),
            *listens_realtime.commands(db, limiter),
            *reactions_realtime.commands(db, limiter),
            *pins_realtime.commands(db, limiter),
            *polls_realtime.commands(db, limiter),
            *threads_realtime.commands(db),
            *receipts_realtime.commands(db, receipts),
            *presence_realtime.commands(db, bus, limiter, presence),
        ]
    )
