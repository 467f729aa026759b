"""Logs: one line per entry, to one stream, as JSON for machines or text for people.

Logging belongs to the process, not to a node: `install_logging` is called once, by `main`.
"""

import logging
import sys
from typing import Any, Literal, TextIO, cast

import msgspec
import structlog
from prometheus_client import Counter
from structlog.typing import EventDict, Processor, WrappedLogger

from tertulia.core.telemetry.redact import redact

LogFormat = Literal["auto", "json", "console"]
# Libraries that say on every request or query what our own lines and metrics say once.
QUIET = ("asyncio", "uvicorn.access", "httpx", "yoyo")


def install_logging(
    *,
    level: str = "info",
    format_: LogFormat = "auto",
    stream: TextIO = sys.stdout,
    counter: Counter | None = None,
    fields: dict[str, str] | None = None,
) -> None:
    """Send everything that is logged, ours and libraries', to `stream`.

    `auto` is console on a terminal and JSON elsewhere. `fields` (node_id, version) stand on every
    line. `counter` counts lines by the label `level`.
    """
    before = _processors(counter, fields or {})
    as_json = format_ == "json" or (format_ == "auto" and not stream.isatty())
    writer: Processor = write_json if as_json else write_text
    minimum = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(minimum),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, writer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(minimum)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(minimum, logging.WARNING))


def _processors(counter: Counter | None, fields: dict[str, str]) -> list[Processor]:
    def add_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**fields, **event}

    def count(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if counter is not None:
            counter.labels(event["level"]).inc()
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Plain tracebacks: rich ones print local variables, which hold people's words.
        name_error,
        structlog.processors.format_exc_info,
        add_fields,
        count,
    ]


def name_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.get("exc_info")
    error = cast("tuple[Any, ...]", given)[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error.type"] = type(error).__qualname__
    return event


def write_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    if "exception" in event:
        event["exception.stacktrace"] = event.pop("exception")
    head = {name: event.pop(name) for name in ("timestamp", "level", "event") if name in event}
    return msgspec.json.encode({**head, **event}).decode()


def write_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    trace = event.pop("exception", None)
    time, level, what = (event.pop(name, "") for name in ("timestamp", "level", "event"))
    pairs = (f"{name}={_quoted(value)}" for name, value in event.items())
    line = " ".join((time, f"{level:<8}", f"{what:<24}", *pairs)).rstrip()
    return line if trace is None else line + "".join(f"\n    | {row}" for row in trace.split("\n"))


def _quoted(value: Any) -> str:
    text = str(value)
    return f'"{text}"' if " " in text or text == "" else text
