"""One node: everything that serves people from one database. Two fit in one process."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from litestar.di import Provide
from litestar.types import ASGIApp

from tertulia.core import tus
from tertulia.core.config import Settings
from tertulia.core.db import Database, translate
from tertulia.core.gateway import Gateway, GatewaySettings
from tertulia.core.gathering import Gathering
from tertulia.core.http import HttpSettings, Readiness, create_app
from tertulia.core.http.origin import origin_of
from tertulia.core.images import Studio
from tertulia.core.jobs import TOPIC, Jobs
from tertulia.core.limits import Limiter
from tertulia.core.nodes import Nodes
from tertulia.core.outbound import Outbound
from tertulia.core.signing import Links
from tertulia.core.storage import DirectBucket, Storage
from tertulia.core.telemetry import watch_loop
from tertulia.features.accounts import http as accounts_http
from tertulia.features.accounts.service import Rules
from tertulia.features.direct.live import DirectUploads
from tertulia.features.integrations.http import find_bot
from tertulia.features.invites import service as invites
from tertulia.features.media.http import Delivery
from tertulia.features.sync import service as sync
from tertulia.features.uploads.http import PATH as UPLOADS
from tertulia.features.uploads.live import TOPIC as UPLOADING
from tertulia.features.uploads.live import Uploads
from tertulia.main import api_examples, wiring
from tertulia.main.background import hook_key, make_jobs, make_outbound, run_jobs
from tertulia.main.cinema import make_works
from tertulia.main.ground import Ground, Parts, lay_ground
from tertulia.main.laboratory import make_settling
from tertulia.main.live import Live
from tertulia.main.premises import exports_folder
from tertulia.main.upkeep import expire_devices, follow, load_revoked, own, watch_revoked
from tertulia.main.uploading import make_uploads

MISSED_AT_ONCE = 64  # rooms' events of one statement after another: nobody waits for many others


@dataclass(frozen=True)
class Node:
    app: ASGIApp
    gateway: Gateway
    db: Database
    limiter: Limiter
    rules: Rules
    readiness: Readiness
    nodes: Nodes
    jobs: Jobs
    uploads: Uploads
    storage: Storage


@asynccontextmanager
async def open_node(settings: Settings, dsn: str, parts: Parts) -> AsyncGenerator[Node]:
    """Build a node on a migrated database; close it in the opposite order."""
    async with AsyncExitStack() as stack:
        ground = await lay_ground(stack, settings, dsn, parts)
        outbound = make_outbound(settings, parts.version)
        studio = Studio()
        stack.push_async_callback(studio.close)
        jobs = make_jobs(
            ground.db,
            parts.clock,
            parts.ids,
            parts.telemetry,
            at_once=settings.job_concurrency,
            exports=exports_folder(settings),
            outbound=outbound,
            hook_key=hook_key(settings),
            settling=make_settling(
                settings, ground.storage, ground.incoming, studio, parts.failpoints
            ),
            films=make_works(settings, ground.storage, parts.clock),
            bucket=ground.bucket,
        )
        uploads = make_uploads(settings, parts, ground)
        live = _live(settings, parts, ground, jobs, uploads)
        app = live.gateway.forwarding(
            _app(settings, parts, ground, live, outbound, studio, uploads)
        )
        await load_revoked(ground.db, ground.sessions)
        for work in (
            *live.loops(),
            uploads.listen(),
            follow(settings, ground.db, parts),
            watch_loop(parts.telemetry, parts.clock),
            watch_revoked(ground.db, ground.sessions, parts.clock),
            expire_devices(ground.db, parts.clock),
            ground.nodes.stay(),
        ):
            own(stack, work)
        if settings.jobs == "on":
            own(stack, run_jobs(jobs, ground.bus))
        stack.push_async_callback(jobs.close)
        stack.push_async_callback(live.close)
        yield Node(
            app=app,
            gateway=live.gateway,
            db=ground.db,
            limiter=ground.limiter,
            rules=ground.rules,
            readiness=ground.readiness,
            nodes=ground.nodes,
            jobs=jobs,
            uploads=uploads,
            storage=ground.storage,
        )


def _live(settings: Settings, parts: Parts, ground: Ground, jobs: Jobs, uploads: Uploads) -> Live:
    live = Live(
        settings=GatewaySettings(
            trusted_proxies=tuple(str(network) for network in settings.trusted_proxies)
        ),
        origins=_origins(settings),
        admission=ground.admission,
        db=ground.db,
        bus=ground.bus,
        receipts=ground.receipts,
        clock=parts.clock,
        sessions=ground.sessions,
        session_cookies=ground.session_cookies,
        hydrators=wiring.HYDRATORS,
        failpoints=parts.failpoints,
        telemetry=parts.telemetry,
        build=parts.version,
        nodes=ground.nodes,
        aside={TOPIC: jobs.hear, UPLOADING: uploads.hear},
    )
    ground.here.tie(live.presence)
    live.commands.update(
        wiring.commands(
            db=ground.db,
            bus=ground.bus,
            limiter=ground.limiter,
            sending=ground.sending,
            reading=ground.reading,
            presence=live.presence,
            receipts=ground.receipts,
        )
    )
    return live


def _app(
    settings: Settings,
    parts: Parts,
    ground: Ground,
    live: Live,
    outbound: Outbound,
    studio: Studio,
    uploads: Uploads,
) -> ASGIApp:
    given: dict[str, Any] = {
        "db": ground.db,
        "sessions": ground.sessions,
        "find_bot": find_bot,
        "outbound": outbound,
        "hook_key": hook_key(settings),
        "passwords": ground.passwords,
        "limiter": ground.limiter,
        "admission": ground.admission,
        "missed": Gathering(
            ground.db,
            lambda tx, asked: sync.missed(tx, asked, wiring.HYDRATORS),
            group_size=MISSED_AT_ONCE,
        ),
        "sending": ground.sending,
        "receipts": ground.receipts,
        "presence": live.presence,
        "hydrators": wiring.HYDRATORS,
        "rules": ground.rules,
        "admit": invites.admits,
        "redeem": invites.accept,
        "session_cookies": ground.session_cookies,
        "public_url": settings.public_url,
        "clock": parts.clock,
        "links": Links([settings.secret_key.value], parts.clock),
        "delivery": _delivery(settings),
        "export_folder": exports_folder(settings),
        "studio": studio,
        "uploads": uploads,
        "upload_rules": uploads.rules,
        "direct": DirectUploads(ground.db, parts.clock, ground.bucket, uploads.rules),
        "storage": ground.storage,
        "incoming": ground.incoming,
        "broadcast": live.broadcast,
    }
    return create_app(
        routes=wiring.ROUTES,
        settings=_http_settings(settings, parts.version, ground.bucket),
        telemetry=parts.telemetry,
        readiness=ground.readiness,
        clock=parts.clock,
        ids=parts.ids,
        dependencies={
            "actor": Provide(accounts_http.provide_caller),
            **{
                name: Provide(_constant(part), sync_to_thread=False) for name, part in given.items()
            },
        },
        translate=translate,
        static_dir=parts.static,
        kept_assets=parts.kept_assets,
        examples=api_examples.load,
        options={UPLOADS: tus.abilities(settings.upload_max_size)},
        mounts={live.gateway.settings.path: cast("ASGIApp", live.gateway.asgi)},
    )


def _constant(part: Any) -> Any:
    return lambda: part


def _delivery(settings: Settings) -> Delivery:
    return Delivery(
        url=settings.media_url or settings.public_url,
        origin=origin_of(settings.public_url),
        shared=settings.media_url is not None,
        redirect=settings.media_from == "storage",
    )


def _http_settings(settings: Settings, version: str, bucket: DirectBucket | None) -> HttpSettings:
    media = [settings.media_url, None if bucket is None else bucket.origin]
    return HttpSettings(
        public_url=settings.public_url,
        allowed_origins=settings.allowed_origins,
        media_origins=tuple(origin for origin in media if origin is not None),
        trusted_proxies=tuple(str(network) for network in settings.trusted_proxies),
        operations_token=settings.metrics_token.value if settings.metrics_token else None,
        title="Tertulia",
        version=version,
    )


def _origins(settings: Settings) -> frozenset[str]:
    return frozenset(map(origin_of, (settings.public_url, *settings.allowed_origins)))
