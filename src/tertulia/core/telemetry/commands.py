"""Commands, counted and timed. No label is looked up twice: a lookup costs more than counting."""

from collections.abc import Container
from functools import cache

from prometheus_client import Counter, Histogram

from tertulia.core.telemetry.metrics import Telemetry


class CommandMeter:
    """`known` closes the list of labels: what a client makes up is counted as `unknown`."""

    def __init__(self, telemetry: Telemetry, known: Container[str]) -> None:
        self._known = known

        @cache
        def counter(command: str, result: str) -> Counter:
            return telemetry.commands.labels(command, result)

        @cache
        def histogram(command: str) -> Histogram:
            return telemetry.command_seconds.labels(command)

        self._counter = counter
        self._histogram = histogram

    def record(self, command: str, result: str, seconds: float) -> None:
        """`result` is "ok" or a code of ours."""
        name = command if command in self._known else "unknown"
        self._counter(name, result).inc()
        self._histogram(name).observe(seconds)
