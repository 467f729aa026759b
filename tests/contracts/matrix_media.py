"""The rows of `matrix` for files, pictures, sound and films."""

import base64
from typing import Any

from tests.support.node import Raw
from tests.support.theatre import Body, Row, Stage
from tests.support.world import Person

V1 = "/api/v1"
# One dot.
GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
ROOM = f"{V1}/rooms/{{room_id}}"
IN = "U N N N"  # as in `matrix`


def about_voice(stage: Stage, _who: Person | None) -> Any:
    return {"room_id": str(stage.room), "message_id": str(stage.voice)}


def facing(_stage: Stage, _who: Person | None) -> Any:
    return {"image": GIF}


def captioning(_stage: Stage, _who: Person | None) -> Any:
    return {"language": "es", "label": "Español", "text": "00:01.000 --> 00:02.000\nHola\n"}


def nothing(_stage: Stage, _who: Person | None) -> Any:
    return {}


def straight(_stage: Stage, _who: Person | None) -> Any:
    return {"name": "notes.txt", "size": 5, "media_type": "text/plain"}


def in_parts(_stage: Stage, _who: Person | None) -> Any:
    return {"filename": "film.mp4", "type": "video/mp4", "metadata": {"size": 5}}


def no_parts(_stage: Stage, _who: Person | None) -> Any:
    return {"parts": []}


def tus(**more: str) -> Body:
    """As clients of tus say it; a new upload is for the room."""

    def ask(stage: Stage, _who: Person | None) -> Any:
        room = base64.b64encode(str(stage.room).encode()).decode()
        said = {"Tus-Resumable": "1.0.0", "Upload-Metadata": f"room_id {room},filename bm90ZXM="}
        return Raw(said | {name.replace("_", "-"): value for name, value in more.items()})

    return ask


CHUNK = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": "0"}
PARTS = f"{ROOM}/direct/s3/multipart/{{parts_id}}"
KEY = "key=some/prefix/incoming/{parts_id}/whole"
LINKED = "/media/{ticket}/{room_id}/{file_id}/{name}"
NOBODY = "N N N N N N N N"
MINE = "U N N N N N N N"

MEDIA_ROUTES = [
    # The outsider came first: an admin of the server.
    Row(f"GET {V1}/admin/quarantine", "U + F F F F F F"),
    Row(f"DELETE {V1}/admin/quarantine/{{file_id}}", "U N F F F F F F", case="none of it"),
    Row(f"GET {V1}/uploads/limits", "U + + + + + + +"),
    Row(f"POST {V1}/uploads", f"{IN} + + + +", tus(Upload_Length="0")),
    Row(f"HEAD {V1}/uploads/{{upload_id}}", MINE, tus(), case="of another"),
    Row(f"PATCH {V1}/uploads/{{upload_id}}", MINE, tus(**CHUNK), case="of another"),
    Row(f"DELETE {V1}/uploads/{{upload_id}}", MINE, tus(), case="of another"),
    Row(
        f"POST {V1}/uploads/{{upload_id}}",
        MINE,
        tus(X_HTTP_Method_Override="PATCH", **CHUNK),
        case="of another",
    ),
    Row(f"POST {ROOM}/direct", f"{IN} + + + +", straight),
    Row(f"POST {ROOM}/direct/{{direct_id}}/confirm", MINE, case="of another"),
    Row(f"DELETE {ROOM}/direct/{{direct_id}}", MINE, case="of another"),
    Row(f"GET {ROOM}/direct/s3/params?filename=a.txt&metadata[size]=5", f"{IN} + + + +"),
    Row(f"POST {ROOM}/direct/s3/multipart", f"{IN} + + + +", in_parts),
    Row(f"GET {PARTS}/{{number}}?{KEY}", MINE, case="of another"),
    Row(f"GET {PARTS}?{KEY}", MINE, case="of another"),
    Row(f"POST {PARTS}/complete?{KEY}", MINE, no_parts, case="of another"),
    Row(f"DELETE {PARTS}?{KEY}", MINE, case="of another"),
    Row(f"GET {ROOM}/files", f"{IN} + + + +"),
    Row(f"GET {ROOM}/files/{{file_id}}", f"{IN} + + + +"),
    Row(f"GET {ROOM}/files/{{file_id}}/content/{{name}}", f"{IN} + + + +"),
    Row(f"HEAD {ROOM}/files/{{file_id}}/content/{{name}}", f"{IN} + + + +"),
    Row(f"POST {ROOM}/files/{{file_id}}/link", f"{IN} + + + +", nothing),
    Row(f"GET {LINKED}", NOBODY, case="forged"),
    Row(f"HEAD {LINKED}", NOBODY, case="forged"),
    Row(f"POST {ROOM}/files/{{film_id}}/subtitles", f"{IN} F F + +", captioning),
    Row(f"DELETE {ROOM}/files/{{film_id}}/subtitles/{{subtitle_id}}", f"{IN} F F + +"),
    Row(f"PUT {V1}/me/avatar", "U + + + + + + +", facing),
    Row(f"DELETE {V1}/me/avatar", "U + + + + + + +"),
    Row(f"GET {V1}/people/{{account_id}}/avatar", "U N N N N N N N", case="none"),
    Row(f"PUT {ROOM}/messages/{{voice_id}}/listened", f"{IN} + + + +"),
    Row(f"PUT {ROOM}/messages/{{message_id}}/listened", f"{IN} F F F F", case="no voice"),
    Row(f"GET {ROOM}/messages/{{voice_id}}/listeners", f"{IN} F F F F", case="of another"),
    Row(f"GET {ROOM}/messages/{{my_message_id}}/listeners", f"{IN} + + + +", case="of mine"),
]

MEDIA_COMMANDS = [
    Row("voice.listen", f"{IN} + + + +", about_voice),
]
