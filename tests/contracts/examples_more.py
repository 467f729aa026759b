"""Examples of verbs that the refusal matrix only asks wrongly: a login with the right password,
a device of my own, a thing of mine. Each says who asks, with which names in the path, and what."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from tests.contracts import examples_direct as direct
from tests.contracts.matrix import LATER, uuid7_of
from tests.contracts.matrix_media import tus
from tests.support import attachments
from tests.support.node import Raw
from tests.support.theatre import Stage, Theatre
from tests.support.world import Person

from tertulia.core.actor import Actor
from tertulia.core.images import Picture
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.emoji import service as emoji
from tertulia.features.exporting import service as exporting
from tertulia.features.exporting.schemas import AskExport
from tertulia.features.files.schemas import Settle
from tertulia.features.files.service import settling
from tertulia.features.rooms import service as rooms

V1 = "/api/v1"
ROOM = f"{V1}/rooms/{{room_id}}"
UPLOAD = f"{V1}/uploads/{{upload_id}}"
CHUNK = {"Content_Type": "application/offset+octet-stream"}
PASSWORD = "olive branches at dusk"


class Asked(NamedTuple):
    who: Person | None
    path: str
    body: Any = None


Ask = Callable[[Theatre, Stage], Awaitable[Asked]]


def mine(
    path: str, make: Callable[[Theatre, Stage], Awaitable[Mapping[str, UUID]]], body: Any = None
) -> Ask:
    """The owner asks about a thing that they made a moment ago."""

    async def ask(theatre: Theatre, stage: Stage) -> Asked:
        made = await make(theatre, stage)
        return Asked(stage.people["owner"], path.format(**made), body)

    return ask


async def login(theatre: Theatre, stage: Stage) -> Asked:
    await _newcomer(theatre, stage)
    body = {"username": stage.fresh, "password": PASSWORD, "device_name": "My laptop"}
    return Asked(None, f"{V1}/auth/login", body)


async def refresh(theatre: Theatre, stage: Stage) -> Asked:
    session = await _newcomer(theatre, stage)
    return Asked(None, f"{V1}/auth/refresh", {"refresh_token": session["refresh_token"]})


async def change_password(theatre: Theatre, stage: Stage) -> Asked:
    session = await _newcomer(theatre, stage)
    actor = Actor(UUID(session["account"]["id"]), UUID(session["device_id"]))
    body = {"current_password": PASSWORD, "new_password": "olive branches at dawn"}
    return Asked(Person(actor, stage.fresh), f"{V1}/me/password", body)


async def _newcomer(theatre: Theatre, stage: Stage) -> Any:
    body = {"username": stage.fresh, "password": PASSWORD}
    return (await theatre.running.request(None, "POST", f"{V1}/auth/register", body)).json()


async def device(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    other = await theatre.world.another_device(stage.people["owner"])
    return {"device_id": other.actor.device_id}


async def export(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    """Made, its file too."""
    owner = stage.people["owner"]
    for one in await theatre.world.read(exporting.mine, owner):
        await theatre.world.write(exporting.remove, owner, one.id)
    asked = await theatre.world.write(exporting.ask, owner, AskExport(room_id=stage.room))
    await theatre.running.node.jobs.run_due()
    return {"export_id": asked.id}


async def download(theatre: Theatre, stage: Stage) -> Asked:
    made = await export(theatre, stage)
    path = f"{V1}/exports/{made['export_id']}/link"
    link = (await theatre.running.request(stage.people["owner"], "POST", path)).json()
    return Asked(None, V1 + link["url"].partition(V1)[2])


async def linked(theatre: Theatre, stage: Stage) -> Asked:
    path = f"{V1}/rooms/{stage.room}/files/{stage.file}/link"
    made = await theatre.running.request(stage.people["owner"], "POST", path, {})
    return Asked(None, urlsplit(str(made.json()["url"])).path)


async def own_emoji(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    owner = stage.people["owner"]
    picture = Picture(b"RIFF", 1, 1, 1)
    made = await theatre.world.write(emoji.add, owner, f"mine-{stage.fresh}", picture)
    return {"emoji_id": made.id}


async def room_picture(theatre: Theatre, stage: Stage) -> Asked:
    owner = stage.people["owner"]
    await theatre.world.write(rooms.set_picture, owner, stage.room, Picture(b"RIFF", 1, 1, 1))
    return Asked(owner, f"{V1}/rooms/{stage.room}/avatar")


async def upload(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    """Begun, and not a byte of it there."""
    begun = await theatre.running.request(
        stage.people["owner"], "POST", f"{V1}/uploads", tus(Upload_Length="5")(stage, None)
    )
    return {"upload_id": UUID(begun.headers["location"].rpartition("/")[2])}


def saying(**headers: str) -> Raw:
    return Raw(
        {"Tus-Resumable": "1.0.0"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
        b"hello" if "Upload_Offset" in headers else b"",
    )


async def face(theatre: Theatre, stage: Stage) -> Asked:
    owner = stage.people["owner"]
    await theatre.world.write(accounts.set_face, owner, Picture(b"RIFF", 1, 1, 1))
    return Asked(owner, f"{V1}/people/{owner.id}/avatar")


async def scheduled(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    body = {"client_id": str(uuid7_of(stage, 11)), "text": "later", "send_at": LATER}
    path = f"{V1}/rooms/{stage.room}/scheduled"
    made = await theatre.running.request(stage.people["owner"], "POST", path, body)
    return {"scheduled_id": made.json()["id"]}


async def reminder(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    body = {"client_id": str(uuid7_of(stage, 12)), "note": "water the olives", "due_at": LATER}
    made = await theatre.running.request(stage.people["owner"], "POST", f"{V1}/me/reminders", body)
    return {"reminder_id": made.json()["id"]}


async def accept(theatre: Theatre, stage: Stage) -> Asked:
    owner, other = stage.people["owner"], stage.people["stranger"]
    await theatre.running.request(other, "POST", f"{V1}/contacts", {"account_id": str(owner.id)})
    return Asked(owner, f"{V1}/contacts/{other.id}/accept")


async def block(theatre: Theatre, stage: Stage) -> Asked:
    del theatre
    return Asked(stage.people["ex_member"], f"{V1}/blocks/{stage.people['banned'].id}")


async def edit(theatre: Theatre, stage: Stage) -> Asked:
    del theatre
    message = str(stage.mine["owner"].id)
    body = {"room_id": str(stage.room), "message_id": message, "text": "said better"}
    return Asked(stage.people["owner"], "", body)


async def bot(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    owner = stage.people["outsider"]  # of the server
    path = f"{V1}/bots"
    for one in (await theatre.running.request(owner, "GET", path)).json()["bots"]:
        if one["account"]["username"].startswith("example-"):
            await theatre.running.request(owner, "DELETE", f"{path}/{one['id']}")
    body = {"username": f"example-{stage.fresh}"}
    made = (await theatre.running.request(owner, "POST", path, body)).json()
    body = {"name": "Build", "scopes": ["read"]}
    token = await theatre.running.request(owner, "POST", f"{path}/{made['id']}/tokens", body)
    return {"bot_id": made["id"], "token_id": token.json()["token"]["id"]}


def botly(path: str, body: Any = None) -> Ask:
    """Who runs the server asks about a bot that they made a moment ago."""

    async def ask(theatre: Theatre, stage: Stage) -> Asked:
        made = await bot(theatre, stage)
        return Asked(stage.people["outsider"], path.format(**made), body)

    return ask


async def hook(theatre: Theatre, stage: Stage) -> Asked:
    path = f"{V1}/rooms/{stage.room}/incoming-webhooks"
    made = await theatre.running.request(stage.people["owner"], "POST", path, {"name": "CI"})
    return Asked(None, V1 + made.json()["url"].partition(V1)[2], {"text": "*Build 7* is done"})


async def preview_image(theatre: Theatre, stage: Stage) -> Asked:
    image_id = theatre.world.ids.uuid7()

    async def put(tx: Tx) -> None:
        await tx.conn.execute(
            "INSERT INTO preview_images (id, image, made_at) VALUES ($1, $2, $3)",
            image_id,
            b"RIFF",
            tx.now,
        )

    await theatre.world.db.write(put)
    return Asked(stage.people["owner"], f"{V1}/previews/{image_id}/image")


async def infected(theatre: Theatre, stage: Stage) -> Asked:
    owner = stage.people["owner"]
    file = await attachments.upload(theatre.world, owner, stage.room, "offer.pdf")
    wanted = Settle(stage.room, file.id)
    await theatre.world.db.write(lambda tx: settling.quarantine(tx, wanted, "Eicar-Test"))
    return Asked(stage.people["outsider"], f"{V1}/admin/quarantine/{file.id}")


async def redeliver(theatre: Theatre, stage: Stage) -> Asked:
    body = {"url": "https://example.org/hook", "events": ["message.sent"]}
    query = f"?room_id={stage.room}"
    owner = stage.people["owner"]
    made = await theatre.running.request(owner, "POST", f"{V1}/webhooks{query}", body)
    webhook_id = UUID(made.json()["webhook"]["id"])

    async def put(tx: Tx) -> UUID | None:
        return await tx.conn.fetchval(
            """
            INSERT INTO webhook_deliveries
                (webhook_id, id, stream, seq, type, body, state, created_at)
            VALUES ($1, $1, $2, 1, 'message.sent', '{}', 'failed', $3) RETURNING id
            """,
            webhook_id,
            stage.room,
            tx.now,
        )

    delivery_id = await theatre.world.db.write(put)
    path = f"{V1}/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver{query}"
    return Asked(owner, path)


EXPORT = f"{V1}/exports/{{export_id}}"
LATER_ON = f"{V1}/me/scheduled/{{scheduled_id}}"
REMINDER = f"{V1}/me/reminders/{{reminder_id}}"
DEVICE = f"{V1}/me/devices/{{device_id}}"
EMOJI = f"{V1}/emoji/{{emoji_id}}"

MORE: Mapping[str, Ask] = {
    f"HEAD {UPLOAD}": mine(UPLOAD, upload, saying()),
    f"PATCH {UPLOAD}": mine(UPLOAD, upload, saying(Upload_Offset="0", **CHUNK)),
    f"POST {UPLOAD}": mine(
        UPLOAD, upload, saying(Upload_Offset="0", X_HTTP_Method_Override="PATCH", **CHUNK)
    ),
    f"DELETE {UPLOAD}": mine(UPLOAD, upload, saying()),
    f"POST {direct.ROOM}/{{direct_id}}/confirm": mine(
        f"{direct.ROOM}/{{direct_id}}/confirm", direct.sent
    ),
    f"DELETE {direct.ROOM}/{{direct_id}}": mine(f"{direct.ROOM}/{{direct_id}}", direct.sent),
    f"GET {direct.PARTS}/{{number}}": mine(f"{direct.PARTS}/1?{direct.KEY}", direct.in_parts),
    f"GET {direct.PARTS}": mine(f"{direct.PARTS}?{direct.KEY}", direct.in_parts),
    f"POST {direct.PARTS}/complete": mine(
        f"{direct.PARTS}/complete?{direct.KEY}",
        direct.in_parts,
        {"parts": [{"PartNumber": 1, "ETag": "5d41402abc4b2a76b9719d911017c592"}]},
    ),
    f"DELETE {direct.PARTS}": mine(f"{direct.PARTS}?{direct.KEY}", direct.in_parts),
    f"POST {V1}/auth/login": login,
    f"POST {V1}/auth/refresh": refresh,
    f"POST {V1}/me/password": change_password,
    f"PATCH {DEVICE}": mine(DEVICE, device, {"name": "My laptop"}),
    f"DELETE {DEVICE}": mine(DEVICE, device),
    f"GET {EXPORT}": mine(EXPORT, export),
    f"DELETE {EXPORT}": mine(EXPORT, export),
    f"POST {EXPORT}/link": mine(f"{EXPORT}/link", export),
    f"GET {V1}/exports/files/{{account_id}}/{{export_id}}": download,
    "GET /media/{ticket}/{room_id}/{file_id}/{name}": linked,
    "HEAD /media/{ticket}/{room_id}/{file_id}/{name}": linked,
    f"DELETE {EMOJI}": mine(EMOJI, own_emoji),
    f"GET {V1}/rooms/{{room_id}}/avatar": room_picture,
    f"GET {V1}/people/{{account_id}}/avatar": face,
    f"DELETE {V1}/admin/quarantine/{{file_id}}": infected,
    f"PATCH {LATER_ON}": mine(LATER_ON, scheduled, {"text": "even later"}),
    f"DELETE {LATER_ON}": mine(LATER_ON, scheduled),
    f"POST {LATER_ON}/send": mine(f"{LATER_ON}/send", scheduled),
    f"PATCH {REMINDER}": mine(REMINDER, reminder, {"due_at": LATER}),
    f"DELETE {REMINDER}": mine(REMINDER, reminder),
    f"POST {V1}/contacts/{{account_id}}/accept": accept,
    f"PUT {V1}/blocks/{{account_id}}": block,
    f"DELETE {V1}/bots/{{bot_id}}": botly(f"{V1}/bots/{{bot_id}}"),
    f"POST {V1}/bots/{{bot_id}}/tokens": botly(
        f"{V1}/bots/{{bot_id}}/tokens", {"name": "Night build", "scopes": ["read", "write"]}
    ),
    f"DELETE {V1}/bots/{{bot_id}}/tokens/{{token_id}}": botly(
        f"{V1}/bots/{{bot_id}}/tokens/{{token_id}}"
    ),
    f"POST {V1}/hooks/{{hook_id}}/{{secret}}": hook,
    f"POST {V1}/webhooks/{{webhook_id}}/deliveries/{{delivery_id}}/redeliver": redeliver,
    f"GET {V1}/previews/{{image_id}}/image": preview_image,
    "message.edit": edit,
}
