"""The moving half of a node: sockets, fan-out and presence, and how they are tied together."""

from collections.abc import Coroutine, Mapping
from typing import Any
from uuid import UUID

import msgspec
import structlog

from tertulia.core.actor import Actor
from tertulia.core.admission import Admission, AdmissionCollector
from tertulia.core.broadcast import TOPIC as EVERYBODY
from tertulia.core.broadcast import Broadcast
from tertulia.core.bus import Bus, Listener, Notice
from tertulia.core.clock import Clock
from tertulia.core.commands import Command
from tertulia.core.cookies import SessionCookies
from tertulia.core.db import Database
from tertulia.core.errors import Unauthenticated
from tertulia.core.failpoints import Failpoints
from tertulia.core.fanout import Fanout
from tertulia.core.gateway import CloseCode, Connection, Gateway, GatewaySettings, Handshake
from tertulia.core.gathering import Gathering
from tertulia.core.history import History, Hydrators
from tertulia.core.nodes import Nodes
from tertulia.core.pace import Paces
from tertulia.core.sessions import Sessions
from tertulia.core.sockets import SocketApp
from tertulia.core.streams import account_stream, parse_stream, room_stream
from tertulia.core.telemetry import CommandMeter, SocketCollector, Telemetry
from tertulia.features.accounts import realtime as accounts_realtime
from tertulia.features.accounts.events import DeviceSignedOut
from tertulia.features.presence import service as presence
from tertulia.features.presence.events import AvailabilityChanged
from tertulia.features.presence.live import PresenceLive
from tertulia.features.presence.state import TOPIC as PRESENCE
from tertulia.features.receipts.live import TOPIC as RECEIPTS
from tertulia.features.receipts.live import Due, ReceiptsLive
from tertulia.features.rooms.events import MemberLeft, RoomJoined, RoomLeft
from tertulia.features.sync import realtime as sync_realtime
from tertulia.features.sync import service as sync
from tertulia.features.sync.live import arrivals

log = structlog.get_logger(__name__)


class _Left(msgspec.Struct):
    """As much of a `member.left` envelope as is needed."""

    data: MemberLeft


class _Available(msgspec.Struct):
    """The same for `availability.changed`."""

    data: AvailabilityChanged


class _InRoom(msgspec.Struct):
    """The same for `room.joined` and `room.left`."""

    data: "_Room"


class _Room(msgspec.Struct):
    room_id: UUID


class Live:
    """Sockets of one node. `commands` is filled in by the node once everything exists."""

    def __init__(
        self,
        *,
        settings: GatewaySettings,
        origins: frozenset[str],
        admission: Admission,
        db: Database,
        bus: Bus,
        receipts: Due,
        clock: Clock,
        sessions: Sessions,
        session_cookies: SessionCookies,
        hydrators: Hydrators,
        failpoints: Failpoints,
        telemetry: Telemetry,
        build: str,
        nodes: Nodes,
        aside: Mapping[str, Listener],
    ) -> None:
        self._db = db
        self._standings = Gathering(db, lambda tx, asked: arrivals(tx, asked, hydrators))
        self._manners = Gathering(db, presence.manners)
        self._clock = clock
        self._sessions = sessions
        self._cookies = session_cookies
        self._build = build
        self.commands: dict[str, Command] = {}
        sockets = SocketApp(
            origins=origins,
            admission=admission,
            paces=Paces(),
            authenticate=self._authenticate,
            enter=self._enter,
            leave=self._leave,
            commands=self.commands,
            failpoints=failpoints,
            meter=CommandMeter(telemetry, self.commands),
            clock=clock,
        )
        self.gateway = Gateway(
            sockets, settings, listening=self._listening, node=nodes.id, peers=nodes
        )
        self.presence = PresenceLive(self.gateway.topics, db, clock, bus, nodes.id)
        self.receipts = ReceiptsLive(self.gateway.topics, db, clock, bus, receipts)
        self.broadcast = Broadcast(self.gateway.topics, bus)
        self.fanout = Fanout(
            self.gateway.topics,
            bus,
            History(db, hydrators),
            clock,
            before={RoomJoined.TYPE: self._bring},
            after={
                MemberLeft.TYPE: self._send_member_away,
                RoomLeft.TYPE: self._send_self_away,
                DeviceSignedOut.TYPE: self._close_device,
                AvailabilityChanged.TYPE: self._set_availability,
            },
            aside={
                PRESENCE: self.presence.hear,
                RECEIPTS: self.receipts.hear,
                EVERYBODY: self.broadcast.hear,
                **aside,
            },
        )
        telemetry.registry.register(AdmissionCollector(admission))
        telemetry.registry.register(SocketCollector(self.gateway, lambda: self.fanout.repairs))

    def loops(self) -> list[Coroutine[Any, Any, None]]:
        """What runs beside the sockets; the node owns it."""
        return [
            self.fanout.run(),
            self.presence.watch(),
            self.presence.tell(),
            self.receipts.run(),
            self.broadcast.open(),
        ]

    async def close(self) -> None:
        await self.gateway.close(retry_after=0, timeout=1)
        await self.fanout.close()
        await self._standings.close()
        await self._manners.close()

    # A socket's life

    def _authenticate(self, handshake: Handshake, auth: object) -> Actor:
        return accounts_realtime.authenticate(handshake, auth, self._sessions, self._cookies)

    async def _enter(self, conn: Connection, actor: Actor, known: Mapping[str, int]) -> None:
        heads = await sync_realtime.welcome(
            conn,
            actor,
            known,
            stand=self._standings.ask,
            fanout=self.fanout,
            clock=self._clock,
            build=self._build,
            heartbeat=self.gateway.settings.ping_interval,
        )
        # A sign-out may have gone by between the look at the token and the joining.
        if self._sessions.is_revoked(actor.device_id):
            raise Unauthenticated
        manner = await self._manners.ask(actor.account_id)
        if conn.gone is not None:
            return
        self.broadcast.enter(conn)
        self.presence.enter(conn, actor.account_id, heads, manner)

    async def _leave(self, conn: Connection, actor: Actor) -> None:
        self.presence.leave(conn, actor.account_id)

    def _listening(self, topic: object, listening: bool) -> None:
        if not listening:
            self.fanout.emptied(str(topic))

    # What events mean for sockets

    async def _bring(self, notice: Notice) -> None:
        try:
            room_id = msgspec.json.decode(notice.body, type=_InRoom).data.room_id
        except msgspec.DecodeError:  # read from a broken row: waiting would not mend it
            log.exception("event_unreadable", topic=notice.topic, seq=notice.seq)
            return
        account_id = parse_stream(notice.topic).id

        async def load() -> int | None:
            async with self._db.read() as tx:
                return await sync.find_head(tx, account_id, room_id)

        await self.fanout.bring(notice.topic, room_stream(room_id).name, load)

    def _send_self_away(self, notice: Notice) -> None:
        room_id = msgspec.json.decode(notice.body, type=_InRoom).data.room_id
        self.fanout.send_away(notice.topic, room_stream(room_id).name, notice)

    def _send_member_away(self, notice: Notice) -> None:
        account_id = msgspec.json.decode(notice.body, type=_Left).data.account_id
        self.fanout.send_away(account_stream(account_id).name, notice.topic, notice)

    def _set_availability(self, notice: Notice) -> None:
        told = msgspec.json.decode(notice.body, type=_Available).data.availability
        self.presence.set_availability(parse_stream(notice.topic).id, told)

    def _close_device(self, notice: Notice) -> None:
        device_id = accounts_realtime.device_signed_out(notice.body)
        for conn in tuple(self.gateway.topics.members(notice.topic)):
            if isinstance(conn.principal, Actor) and conn.principal.device_id == device_id:
                conn.close(CloseCode.SESSION_ENDED, "signed out")
