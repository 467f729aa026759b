"""A room with one of each in it, and everybody who is not: who gets which answer at the edges."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

import httpx
import msgspec
from tests.support.attachments import look_at, send_files, upload
from tests.support.node import Running
from tests.support.screens import caption, show
from tests.support.voices import speak
from tests.support.world import Person

from tertulia.core import jobs
from tertulia.core.images import Picture
from tertulia.core.tx import Tx
from tertulia.features.direct import store as direct_uploads
from tertulia.features.direct.schemas import Direct, Way
from tertulia.features.emoji import service as emoji
from tertulia.features.exporting import service as exporting
from tertulia.features.exporting.schemas import AskExport
from tertulia.features.groups import service as groups
from tertulia.features.groups.schemas import CreateGroup, GroupDetail
from tertulia.features.integrations import service as integrations
from tertulia.features.integrations.schemas import MakeIncoming, MakeOutgoing
from tertulia.features.invites import service as invites
from tertulia.features.invites.schemas import CreateInvite
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages.schemas import Message
from tertulia.features.moderation import service as moderation
from tertulia.features.moderation.schemas import FileReport
from tertulia.features.polls import service as polls
from tertulia.features.polls.schemas import CreatePoll
from tertulia.features.rooms.schemas import Visibility
from tertulia.features.uploads import service as uploads
from tertulia.features.uploads.service import UploadRules

PARTS = ("anonymous", "outsider", "ex_member", "banned", "guest", "member", "moderator", "owner")


@dataclass
class Stage:
    """A room, and what is in it. `bystander` is one more member, whom others act upon."""

    room: UUID
    people: dict[str, Person]
    bystander: Person
    stranger: Person
    said: Message  # by the bystander
    mine: dict[str, Message]  # by those who were ever in
    invite: UUID  # the owner's
    code: str
    fresh: str  # a name nobody has
    report: UUID  # the owner's, of what the bystander said
    export: UUID  # the bystander's
    custom: UUID  # an emoji of the bystander's
    poll: UUID  # a message of the bystander's
    voice: UUID  # theirs, too
    direct: UUID  # theirs, past the server; and one in parts
    parts: UUID
    upload: UUID  # theirs, unfinished
    file: UUID  # theirs, sent
    film: UUID  # a file of theirs that is one
    subtitle: UUID  # of it
    group: UUID  # an admin made it
    hook: UUID  # an incoming webhook
    webhook: UUID  # an outgoing one
    job: UUID  # waits
    dead_job: UUID


Body = Callable[[Stage, Person | None], Any]


class Row(NamedTuple):
    """A verb (`METHOD path`, or a command's name), and what each of PARTS gets in the letters of
    the table. `case` tells rows of one verb apart."""

    verb: str
    cells: str
    body: Body | None = None
    case: str = ""
    visibility: Visibility = "private"
    own_device: bool = False  # of this row: it does not survive


class Theatre:
    """A node, and a cast that plays in one room after the other."""

    def __init__(self, running: Running, people: dict[str, Person]) -> None:
        self.running = running
        self.world = running.world
        self.people = people
        self._stages = 0
        self.words: dict[str, Any] = {}  # of the last answer

    async def set_up(self, visibility: Visibility) -> Stage:
        self._stages += 1
        world, people = self.world, self.people
        owner, bystander = people["owner"], people["bystander"]
        inside = [person for name, person in people.items() if name not in ("owner", "outsider",
                  "stranger")]  # fmt: skip
        room = await world.channel(owner, *inside, visibility=visibility)
        mine = {
            name: await world.say(person, room, f"said by the {name}")
            for name, person in people.items()
            if person in inside or person is owner
        }
        for name in ("moderator", "guest"):
            role = cast("Any", name)
            await world.write(members.change_role, owner, room, people[name].id, role)
        await world.write(members.leave, people["ex_member"], room)
        await world.write(members.ban, owner, room, Ban(account_id=people["banned"].id))
        invite = await world.write(
            invites.create, owner, room, CreateInvite(), public_url="https://t.example"
        )
        asked = CreatePoll(client_id=world.ids.uuid7(), question="When?", options=["Now", "Later"])
        poll = await world.write(polls.create, bystander, room, asked)
        custom = await world.write(
            emoji.add, bystander, f"theirs{self._stages}", Picture(b"RIFF", 1, 1, 1)
        )
        group = await self._group(owner)
        about = FileReport(room_id=room, message_id=mine["bystander"].id, category="spam")
        report = await world.write(moderation.report, owner, about)
        export = await self._export(bystander)
        hook = await world.write(
            integrations.make_incoming,
            owner,
            room,
            MakeIncoming(name="Build"),
            public_url="https://t.example",
        )
        wanted = MakeOutgoing(url="https://example.org/hook", events=["room.changed"])
        webhook = await world.write(integrations.make_outgoing, owner, room, wanted, key=b"key")
        screen = await show(world, bystander, room)
        return Stage(
            room=room,
            people=people,
            bystander=bystander,
            stranger=people["stranger"],
            said=mine["bystander"],
            mine=mine,
            invite=invite.id,
            code=invite.code,
            fresh=f"newcomer{self._stages}",
            custom=custom.id,
            poll=poll.message.id,
            voice=(await speak(world, bystander, room)).id,
            upload=await self._upload(bystander, room),
            direct=await self._direct(bystander, room, "put"),
            parts=await self._direct(bystander, room, "parts"),
            file=await self._file(bystander, room),
            film=screen.file,
            subtitle=(await caption(world, bystander, screen)).id,
            group=group.id,
            report=report.id,
            export=export,
            hook=hook.webhook.id,
            webhook=webhook.webhook.id,
            job=await self._job("waiting"),
            dead_job=await self._job("dead"),
        )

    async def _upload(self, who: Person, room: UUID) -> UUID:
        """Those of earlier stages go, for an account has only so many at a time."""

        async def forget(tx: Tx) -> None:
            await tx.conn.execute("DELETE FROM uploads WHERE account_id = $1", who.id)

        await self.world.db.write(forget)
        wanted = uploads.Wanted(room, "notes.txt", "", length=5)
        rules = UploadRules(max_size=5)
        begun = await self.world.write(
            uploads.begin, who, rules, wanted, None, holder=self.world.ids.uuid7()
        )
        return begun.id

    async def _direct(self, who: Person, room: UUID, way: Way) -> UUID:
        """As it stands before a byte came; the bucket knows nothing of it."""
        upload = Direct(
            account_id=who.id,
            id=self.world.ids.uuid7(),
            room_id=room,
            way=way,
            name="notes.txt",
            size=5,
            media_type="text/plain",
            part_size=5 << 20 if way == "parts" else None,
            upload_id=None,
            claimed_until=None,
            file_id=None,
            created_at=self.world.clock.now(),
            expires_at=self.world.clock.now() + timedelta(days=1),
        )
        await self.world.db.write(lambda tx: direct_uploads.insert(tx, upload))
        return upload.id

    async def _file(self, who: Person, room: UUID) -> UUID:
        file = await upload(self.world, who, room, "notes.txt", 5)
        await self.running.node.storage.write(f"blobs/{file.id}", b"hello")
        await look_at(self.world, file, "text/plain", key=f"blobs/{file.id}")
        await send_files(self.world, who, room, file)
        return file.id

    async def _job(self, state: str) -> UUID:
        """Of a kind that nobody here runs."""

        async def put(tx: Tx) -> UUID:
            job_id = await jobs.enqueue(tx, "archive.write", AskExport())
            await tx.conn.execute(
                "UPDATE jobs SET state = $2, finished_at = $3 WHERE id = $1",
                job_id,
                state,
                tx.now if state == "dead" else None,
            )
            return job_id

        return await self.world.db.write(put)

    async def _export(self, who: Person) -> UUID:
        """The newest, or a first one: few may wait at a time."""
        found = await self.world.read(exporting.mine, who)
        made = found[0] if found else await self.world.write(exporting.ask, who, AskExport())
        return made.id

    async def _group(self, owner: Person) -> GroupDetail:
        """One for each stage; those of earlier ones go, for a server has only so many."""
        admin, name = _as_admin(owner), f"set{self._stages}"
        for before in (await self.world.read(groups.groups, admin)).groups:
            await self.world.write(groups.delete, admin, before.id)
        return await self.world.write(groups.create, admin, CreateGroup(handle=name, name="A set"))

    def path(self, row: Row, stage: Stage, part: str) -> str:
        return row.verb.partition(" ")[2].format(
            room_id=stage.room,
            message_id=stage.said.id,
            my_message_id=stage.mine.get(part, stage.said).id,
            account_id=stage.bystander.id,
            nobody_id=UUID(int=0),
            banned_id=stage.people["banned"].id,
            device_id=stage.bystander.actor.device_id,
            invite_id=stage.invite,
            code=stage.code,
            scheduled_id=stage.said.id,  # nobody's
            reminder_id=stage.said.id,
            emoji="👍",
            emoji_id=stage.custom,
            image_id=UUID(int=9),
            bot_id=UUID(int=9),
            token_id=UUID(int=9),
            delivery_id=UUID(int=9),
            secret="guessed",
            hook_id=stage.hook,
            webhook_id=stage.webhook,
            poll_id=stage.poll,
            voice_id=stage.voice,
            upload_id=stage.upload,
            direct_id=stage.direct,
            parts_id=stage.parts,
            number=1,
            file_id=stage.file,
            film_id=stage.film,
            subtitle_id=stage.subtitle,
            name="original",
            ticket="1.0.forged",
            group_id=stage.group,
            report_id=stage.report,
            export_id=stage.export,
            job_id=stage.job,
            dead_job_id=stage.dead_job,
            no_job_id=UUID(int=0),
        )

    async def ask(self, row: Row, stage: Stage, part: str) -> str:
        """The answer's code, `done` for success."""
        who = self.people.get(part)
        body = row.body(stage, who) if row.body else None
        if " " not in row.verb:
            return await self._command(who, row.verb, body)
        if who is not None and row.own_device:
            who = await self.world.another_device(who)
        method, path = row.verb.partition(" ")[0], self.path(row, stage, part)
        response = await self.running.request(who, method, path, body)
        self.words = {
            name: value for name, value in _json(response).items() if name != "request_id"
        }
        if response.is_success:
            return "done"
        assert response.headers["content-type"] == "application/problem+json"
        if method == "HEAD":  # which has no words
            return {401: "unauthenticated", 404: "not_found"}[response.status_code]
        return response.json()["code"]

    async def _command(self, who: Person | None, name: str, body: Any) -> str:
        if who is None:
            return await self.running.refused_socket(None)
        ack = await self.running.command(who, name, body)
        self.words = dict(ack)
        return "done" if ack["ok"] else ack["error"]["code"]

    async def logged(self) -> int:
        async with self.world.db.read() as tx:
            return await tx.conn.fetchval("SELECT sum(head) FROM streams")


def _json(response: httpx.Response) -> dict[str, Any]:
    is_json = "json" in response.headers.get("content-type", "")
    return response.json() if is_json and response.content else {}


def _as_admin(person: Person) -> Person:
    return Person(msgspec.structs.replace(person.actor, is_admin=True), person.username)
