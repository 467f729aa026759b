"""What never reaches a log: content, secrets, e-mails, and characters that forge lines."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from structlog.typing import EventDict, WrappedLogger

REDACTED = "[redacted]"
DEEPEST = 6
LONGEST = 2_000
LONGEST_TRACE = 20_000

# Whole words of a field's name: `access_token` and `token` are caught, `tokens_refilled` is not.
SECRET_WORDS = frozenset(
    {
        *("password", "passwd", "secret", "token", "authorization", "cookie", "cookies", "jwt"),
        *("signature", "credential", "credentials", "apikey", "email", "mail", "phone", "query"),
        *("text", "content", "body", "topic", "filename", "draft", "sdp", "candidate", "payload"),
    }
)
_WORD = re.compile(r"[a-z0-9]+")
_SECRETS = re.compile(
    r"(?P<lead>\b(?:bearer|basic)\s+)\S+"
    r"|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"  # a JSON web token
    r"|(?P<name>\b[\w-]*(?:token|secret|password|signature)\b[\"']?\s*[=:]\s*)[^\s&,;}]+"
    r"|(?P<media>/media/)\d+\.[0-9a-f]{32}\.[\w-]+"  # what opens a file (features.media)
    r"|(?P<scheme>\b\w+://)[^\s/@]+@"  # user and password in a URL
    r"|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+",
    re.IGNORECASE,
)
# Rows of a traceback that come from our files and not from an exception's message.
_CODE = re.compile(r'^  File "|^    |^Traceback ')
# asyncpg: "invalid input for query argument $1: 'words'", PostgreSQL: "DETAIL:  Key (a)=(b) …",
# and quotes around anything but a plain identifier.
_VALUES = re.compile(
    r"(?<=query argument \$)\d+: .*|(?<=DETAIL:).*|(?<=CONTEXT:).*|(?<=\)=)\(.*?\)"
    r"|'(?![A-Za-z_][\w.]{0,40}')(?:[^'\\]|\\.)*'|\"(?![A-Za-z_][\w.]{0,40}\")(?:[^\"\\]|\\.)*\""
)
# ANSI sequences, then every other control character and the separators that editors break at.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """structlog processor; the last before the line is written."""
    trace = event.pop("exception", None)
    clean: dict[str, Any] = {_line(key): _value(key, value, 0) for key, value in event.items()}
    if trace is not None:
        clean["exception"] = _trace(str(trace)[-LONGEST_TRACE:])
    return clean


def is_secret_name(name: str) -> bool:
    return not SECRET_WORDS.isdisjoint(_WORD.findall(name.lower()))


def _value(name: str, value: Any, depth: int) -> Any:
    if is_secret_name(name) and not isinstance(value, bool | int | float | None):
        return REDACTED
    if isinstance(value, bool | int | float | None):
        return value
    if depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        items = cast("Mapping[object, Any]", value).items()
        return {_line(str(key)): _value(str(key), inner, depth + 1) for key, inner in items}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [_value("", inner, depth + 1) for inner in cast("Sequence[Any]", value)]
    return _line(value.decode("latin-1") if isinstance(value, bytes) else str(value))


def _trace(text: str) -> str:
    """Its lines stay lines; the writer indents them, so that none can pass for an entry."""
    rows = (_ANSI.sub("", row) for row in text.split("\n"))
    return "\n".join(
        _CONTROL.sub(" ", _mask(row if _CODE.match(row) else _hide_values(row))) for row in rows
    )


def _hide_values(message: str) -> str:
    """Drivers repeat the values they choke on, and those are people's words."""
    return _VALUES.sub(REDACTED, message)


def _line(text: str) -> str:
    return _CONTROL.sub(" ", _mask(_ANSI.sub("", text[:LONGEST])))


def _mask(text: str) -> str:
    return _SECRETS.sub(_keep_name, text)


def _keep_name(found: re.Match[str]) -> str:
    return (found["lead"] or found["name"] or found["media"] or found["scheme"] or "") + REDACTED
