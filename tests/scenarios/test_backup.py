"""A backup while people write, brought back elsewhere: a whole evening, up to some moment of it."""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from tests.support.program import running

PASSWORD = "olive branches at dusk"
PATIENCE = 60.0


class House(NamedTuple):
    """A data folder of a server, and one for backups."""

    data: str
    place: Path


@pytest.fixture
def house() -> Iterator[House]:
    # Not below pytest's own folder: each new session there shuts PostgreSQL's user out of all.
    with tempfile.TemporaryDirectory(prefix="tertulia-test-") as folder:
        yield House(f"{folder}/data", Path(folder))


def tertulia(data: str, *words: str) -> tuple[int, dict[str, Any] | str]:
    """A command's exit code, and what it answers: JSON, or words."""
    command = [sys.executable, "-m", "tertulia", "--data-dir", data, *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, done.stdout + done.stderr


class Ana:
    """Who writes, and remembers what was acknowledged."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url)
        self.said: list[str] = []
        self.room = ""

    def close(self) -> None:
        self.http.close()

    def register(self) -> str:
        """Her access token."""
        answer = self._post("auth/register", {"username": "ana", "password": PASSWORD})
        token = answer["access_token"]
        self.sign_in(token)
        self.room = self._post("rooms", {"kind": "group", "name": "Evening"})["id"]
        return token

    def sign_in(self, token: str) -> None:
        self.http.headers["Authorization"] = f"Bearer {token}"

    def say(self, text: str, **more: Any) -> None:
        path = f"rooms/{self.room}/messages"
        self._post(path, {"client_id": str(uuid4()), "text": text, **more})
        self.said.append(text)

    def upload(self, name: str, content: bytes) -> str:
        """The file's id."""
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}"
            for key, value in {"room_id": self.room, "filename": name}.items()
        )
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": metadata,
            "Content-Type": "application/offset+octet-stream",
        }
        answer = self.http.post("/api/v1/uploads", content=content, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["Tertulia-File"]

    def texts(self) -> list[str]:
        """What was said in the room, oldest first."""
        path, seq, more = f"/api/v1/rooms/{self.room}/messages?limit=100&after=", 0, True
        found: list[Any] = []
        while more:
            page = self.http.get(f"{path}{seq}").json()
            found += [one["body"] for one in page["messages"]]
            seq = page["messages"][-1]["seq"]
            more = not page["found_newest"]
        return [body["text"] for body in found if body["kind"] != "system"]

    def bytes_of(self, file_id: str) -> bytes:
        path = f"/api/v1/rooms/{self.room}/files/{file_id}/content/original"
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.content

    def until_ready(self, file_id: str) -> None:
        """Looked at, which takes a moment."""
        path = f"/api/v1/rooms/{self.room}/files/{file_id}"
        settled = threading.Event()
        for _ in range(600):
            if self.http.get(path).json()["state"] != "checking":
                return
            settled.wait(0.05)
        raise AssertionError("never looked at")

    def _post(self, path: str, body: Any) -> Any:
        answer = self.http.post(f"/api/v1/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()


def test_backup_while_it_writes_and_restore_elsewhere(house: House) -> None:
    content = hashlib.shake_256(b"the evening").digest(300_000)
    place = house.place / "backup"
    with running(house.data, {}) as url, closing(Ana(url)) as ana:
        token = ana.register()
        file = ana.upload("evening.bin", content)
        ana.say("with a file", files=[{"file_id": file, "alt": ""}])
        ana.until_ready(file)
        cursor = ana.http.get("/api/v1/sync").json()["cursor"]
        before = len(ana.said)
        ended = threading.Event()

        def write() -> None:
            # Files too: some are being looked at when the snapshot is taken.
            while not ended.wait(0.1):
                number = len(ana.said)
                late = ana.upload(f"{number}.bin", f"late {number}".encode())
                ana.say(f"late {number}", files=[{"file_id": late, "alt": ""}])

        writing = threading.Thread(target=write)
        writing.start()
        try:
            code, taken = tertulia(house.data, "backup", "--json", str(place))
            assert code == 0, taken
        finally:
            ended.set()
            writing.join()
        assert len(ana.said) > before
    elsewhere = f"{house.data}-elsewhere"
    code, restored = tertulia(elsewhere, "restore", "--json", str(place))
    assert code == 0, restored
    with running(elsewhere, {}) as url, closing(Ana(url)) as back:
        code, refused = tertulia(elsewhere, "restore", "--force", str(place))
        assert (code, "stop the server first" in str(refused)) == (1, True)
        back.room = ana.room
        back.sign_in(token)  # the key came along: sessions go on
        texts = back.texts()
        assert texts == ana.said[: len(texts)]
        assert len(texts) >= before
        assert back.bytes_of(file) == content
        for one in back.http.get(f"/api/v1/rooms/{ana.room}/files").json()["files"]:
            back.until_ready(one["id"])
            if one["id"] != file:
                wanted = f"late {one['file']['name'].partition('.')[0]}".encode()
                assert back.bytes_of(one["id"]) == wanted
        # A cursor of another life is answered with everything.
        answer = back.http.get(f"/api/v1/sync?since={cursor}").json()
        assert answer["reset"]
        back.say("and on")
        assert back.texts()[-1] == "and on"
