"""Metrics of one node, in a registry of its own: two nodes fit in one process."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

# OpenTelemetry's buckets for HTTP; seconds.
HTTP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
# Delivery, database and event loop: what people begin to feel lies between 3 and 100 ms.
FINE_SECONDS = (
    *(0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015),
    *(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class Build:
    """What is running: `schema` is the newest migration, `revision` the commit."""

    version: str
    revision: str = "unknown"
    schema: str = "unknown"
    python: str = "unknown"


class Telemetry:
    """The node's metrics. Other parts add theirs with `registry=telemetry.registry`.

    No label may hold a value that users create: routes are templates, never paths.
    """

    def __init__(self, build: Build) -> None:
        # A `_created` series beside every counter doubles what is scraped and says little.
        disable_created_metrics()
        registry = self.registry = CollectorRegistry(auto_describe=True)
        self.exposed: Callable[[], Awaitable[CollectorRegistry]] = self._own
        """What `/metrics` answers. With several processes `main` makes it those of all of them:
        which one answers a request is chance."""
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        Gauge(
            "tertulia_build_info",
            "Always 1; the labels say what runs.",
            ("version", "revision", "schema", "python"),
            registry=registry,
        ).labels(build.version, build.revision, build.schema, build.python).set(1)

        self.ready = Gauge("tertulia_ready", "1 while this node can serve.", registry=registry)
        self.draining = Gauge("tertulia_draining", "1 while leaving.", registry=registry)
        self.dependency_up = Gauge(
            "tertulia_dependency_up",
            "1 while the dependency answered its last check.",
            ("dependency",),
            registry=registry,
        )
        self.http_requests = Counter(
            "tertulia_http_requests_total",
            "Requests answered.",
            ("method", "route", "code"),
            registry=registry,
        )
        self.http_seconds = Histogram(
            "tertulia_http_request_duration_seconds",
            "From the first byte of a request to the last of its answer.",
            ("method", "route"),
            buckets=HTTP_SECONDS,
            registry=registry,
        )
        self.http_in_progress = Gauge(
            "tertulia_http_requests_in_progress", "Requests being answered.", registry=registry
        )
        self.rate_limited = Counter(
            "tertulia_http_rate_limited_total",
            "Refusals because a bucket was empty.",
            ("bucket",),
            registry=registry,
        )
        self.loop_lag = Histogram(
            "tertulia_event_loop_lag_seconds",
            "How late a timer fires.",
            buckets=FINE_SECONDS,
            registry=registry,
        )
        self.tasks = Gauge("tertulia_tasks", "Tasks of the event loop.", registry=registry)
        self.commands = Counter(
            "tertulia_commands_total",
            "Commands by socket; `result` is ok or the error's code.",
            ("command", "result"),
            registry=registry,
        )
        self.command_seconds = Histogram(
            "tertulia_command_duration_seconds",
            "From a command's turn to its answer.",
            ("command",),
            buckets=FINE_SECONDS,
            registry=registry,
        )
        self.log_messages = Counter(
            "tertulia_log_messages_total", "Lines logged.", ("level",), registry=registry
        )
        for level in LOG_LEVELS:
            self.log_messages.labels(level)

    async def _own(self) -> CollectorRegistry:
        return self.registry
