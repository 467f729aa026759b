"""The rows of `matrix` for files, pictures, sound and films."""

from typing import Any

from tests.support.theatre import Row, Stage
from tests.support.world import Person

V1 = "/api/v1"
ROOM = f"{V1}/rooms/{{room_id}}"
IN = "U N N N"  # as in `matrix`


def about_voice(stage: Stage, _who: Person | None) -> Any:
    return {"room_id": str(stage.room), "message_id": str(stage.voice)}


MEDIA_ROUTES = [
    Row(f"PUT {ROOM}/messages/{{voice_id}}/listened", f"{IN} + + + +"),
    Row(f"PUT {ROOM}/messages/{{message_id}}/listened", f"{IN} F F F F", case="no voice"),
    Row(f"GET {ROOM}/messages/{{voice_id}}/listeners", f"{IN} F F F F", case="of another"),
    Row(f"GET {ROOM}/messages/{{my_message_id}}/listeners", f"{IN} + + + +", case="of mine"),
]

MEDIA_COMMANDS = [
    Row("voice.listen", f"{IN} + + + +", about_voice),
]
