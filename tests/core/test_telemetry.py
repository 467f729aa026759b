"""Logs and metrics: useful, and silent about people."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from tertulia.core.telemetry import Build, Telemetry, install_logging, watch_loop

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
CANARIES = ("c4nary", JWT, "c4nary@example.org")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    # A uvicorn.Config of another test speaks for the whole process: it stops its loggers from
    # propagating and sets their level.
    above, uvicorn_log = logging.getLogger("uvicorn"), logging.getLogger("uvicorn.error")
    propagate, uvicorn_level = above.propagate, uvicorn_log.level
    above.propagate = True
    uvicorn_log.setLevel(logging.NOTSET)
    yield
    above.propagate = propagate
    root.handlers = handlers
    root.setLevel(level)
    uvicorn_log.setLevel(uvicorn_level)
    structlog.reset_defaults()


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_entry_is_one_line_of_json_with_its_ids(stream: io.StringIO) -> None:
    install_logging(stream=stream, fields={"node_id": "n1", "version": "1.2"})
    with bound_contextvars(request_id="r1", connection_id="c1"):
        structlog.get_logger("tertulia.rooms").info("room_created", size=3, tags=["a", "b"])
    entry = entries(stream)[0]
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "level": "info",
        "event": "room_created",
        "node_id": "n1",
        "version": "1.2",
        "request_id": "r1",
        "connection_id": "c1",
        "logger": "tertulia.rooms",
        "size": 3,
        "tags": ["a", "b"],
    }


def test_libraries_speak_in_the_same_form(stream: io.StringIO) -> None:
    install_logging(stream=stream)
    logging.getLogger("uvicorn.error").warning("port %d is taken", 8000)
    entry = entries(stream)[0]
    assert (entry["event"], entry["level"]) == ("port 8000 is taken", "warning")
    assert entry["logger"] == "uvicorn.error"


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    install_logging(stream=stream, level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("x").info("quiet")
    assert stream.getvalue() == ""


SPILLS: list[tuple[str, dict[str, Any]]] = [
    ("a", {"password": "c4nary"}),
    ("a", {"access_token": "c4nary", "refresh-token": "c4nary", "Authorization": "c4nary"}),
    ("a", {"text": "c4nary", "body": b"c4nary", "filename": "c4nary.png", "topic": "c4nary"}),
    ("a", {"email": "c4nary@example.org"}),
    ("a", {"note": "mail from c4nary@example.org"}),
    ("a", {"headers": {"cookie": "access=c4nary", "host": "h"}}),
    ("a", {"headers": [{"authorization": "c4nary"}]}),
    ("a", {"value": f"Bearer {JWT}", "other": JWT}),
    ("a", {"url": "/socket.io/?token=c4nary&EIO=4", "line": "access_token='c4nary'"}),
    ("a", {"path": f"/media/1772373600.{'0a' * 16}.c4nary-c4nary/01/02/original"}),
    ("a", {"dsn": "postgres://tertulia:c4nary@db/x"}),
    ("a", {"thing": {"deep": {"er": {"secret": "c4nary"}}}}),
    (f"GET /x?token=c4nary {JWT}", {}),
    ('{"password": "c4nary"}', {}),
]


@pytest.mark.parametrize(("event", "values"), SPILLS)
@pytest.mark.parametrize("format_", ["json", "console"])
def test_secrets_and_content_do_not_pass(
    stream: io.StringIO, format_: Any, event: str, values: dict[str, Any]
) -> None:
    install_logging(stream=stream, format_=format_)
    structlog.get_logger().error(event, **values)
    logging.getLogger("library").error("%s %s", event, event)
    assert "[redacted]" in stream.getvalue()
    for canary in CANARIES:
        assert canary not in stream.getvalue()


ACCIDENTS = [
    "invalid input for query argument $3: 'c4nary' (expected int)",
    "invalid input for query argument $3: 'c4nary it\\'s' (expected int)",
    "duplicate key\nDETAIL:  Key (email, name)=(c4nary@example.org, c4nary x) already exists.",
    "Key (name)=(c4nary) is still referenced",
    "could not parse 'hello c4nary, how are you'",
    f"refused Bearer {JWT}",
    "postgres://tertulia:c4nary@db/x does not answer",
]


@pytest.mark.parametrize("message", ACCIDENTS)
@pytest.mark.parametrize("format_", ["json", "console"])
def test_a_traceback_shows_the_way_and_not_the_words(
    stream: io.StringIO, format_: Any, message: str
) -> None:
    install_logging(stream=stream, format_=format_)
    password_in_a_local = "c4nary"
    try:
        raise ValueError(message + password_in_a_local * 0)
    except ValueError:
        structlog.get_logger().exception("it_failed")
    written = stream.getvalue()
    assert "test_a_traceback_shows_the_way_and_not_the_words" in written
    assert "ValueError" in written
    rows = [row for row in written.replace("\\n", "\n").split("\n") if "_in_a_local" not in row]
    for canary in CANARIES:
        assert canary not in "\n".join(rows)


def test_a_traceback_keeps_plain_names(stream: io.StringIO) -> None:
    install_logging(stream=stream)
    structlog.get_logger().error("it_failed", exc_info=KeyError("room_id"))
    entry = entries(stream)[0]
    assert entry["error.type"] == "KeyError"
    assert "KeyError: 'room_id'" in entry["exception.stacktrace"]


@pytest.mark.parametrize(
    "forged",
    [
        "a\n2026-01-01T00:00:00Z error all_is_lost",
        "a\r\nb",
        "a\x1b[2Jb",
        "a\x1b]0;title\x07b",
        "a\x00\x08b",
        "a\u2028b",
        "a\u202eb",
        "a\x85b",
    ],
)
@pytest.mark.parametrize("format_", ["json", "console"])
def test_nobody_forges_a_line_or_paints_the_terminal(
    stream: io.StringIO, format_: Any, forged: str
) -> None:
    install_logging(stream=stream, format_=format_)
    structlog.get_logger().info(forged, name=forged, nested={forged: [forged]})
    structlog.get_logger().error("it_failed", exc_info=RuntimeError(forged))
    written = stream.getvalue()
    first, *others = written.splitlines()
    assert "it_failed" not in first
    starts = [row for row in others if not row.startswith("    | ")]
    assert len(starts) == 1
    assert "it_failed" in starts[0]
    plain = written.replace("\n", "")
    assert all(character.isprintable() for character in plain), ascii(plain)
    if format_ == "json":
        assert len(entries(stream)) == 2


def test_lines_are_counted_by_level(stream: io.StringIO) -> None:
    telemetry = Telemetry(Build("1"))
    install_logging(stream=stream, counter=telemetry.log_messages)
    structlog.get_logger().error("a")
    logging.getLogger("b").error("b")
    count = telemetry.registry.get_sample_value("tertulia_log_messages_total", {"level": "error"})
    assert count == 2


def test_two_nodes_have_metrics_of_their_own() -> None:
    one, two = Telemetry(Build("1")), Telemetry(Build("1"))
    one.rate_limited.labels("login").inc()
    name, labels = "tertulia_http_rate_limited_total", {"bucket": "login"}
    assert one.registry.get_sample_value(name, labels) == 1
    assert two.registry.get_sample_value(name, labels) is None


@dataclass
class LateClock:
    """Every timer fires `late` seconds late; the third sleep never ends."""

    late: float
    seconds: float = 0.0
    slept: int = 0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept += 1
        if self.slept == 3:
            raise asyncio.CancelledError
        self.seconds += seconds + self.late


async def test_a_busy_loop_shows() -> None:
    telemetry = Telemetry(Build("1"))
    with pytest.raises(asyncio.CancelledError):
        await watch_loop(telemetry, LateClock(late=0.2))
    value = telemetry.registry.get_sample_value
    assert value("tertulia_event_loop_lag_seconds_count") == 2
    assert value("tertulia_event_loop_lag_seconds_sum") == pytest.approx(0.4)
    assert (value("tertulia_tasks") or 0) >= 1
