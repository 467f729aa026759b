"""What the gateway and the fan-out count, as metrics: read when somebody scrapes, so that counting
costs their hot paths nothing."""

from collections.abc import Callable, Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tertulia.core.gateway import Gateway


class SocketCollector(Collector):
    def __init__(self, gateway: Gateway, repairs: Callable[[], int]) -> None:
        self._gateway = gateway
        self._repairs = repairs

    def collect(self) -> Iterable[Metric]:
        counters = self._gateway.counters
        connections = GaugeMetricFamily(
            "tertulia_connections", "Sockets open.", labels=("transport",)
        )
        polling = self._gateway.polling
        connections.add_metric(("websocket",), len(self._gateway.links) - polling)
        connections.add_metric(("polling",), polling)
        yield connections
        yield GaugeMetricFamily(
            "tertulia_connection_queue_bytes",
            "Bytes waiting for slow readers.",
            self._gateway.queue_bytes,
        )
        yield CounterMetricFamily(
            "tertulia_connections_opened", "Sessions opened.", counters.opened
        )
        yield CounterMetricFamily(
            "tertulia_connections_moved",
            "Sessions that began by polling and went on by WebSocket.",
            counters.upgraded,
        )
        closed = CounterMetricFamily(
            "tertulia_connections_closed", "Sockets gone.", labels=("reason",)
        )
        for reason, count in counters.closed.items():
            closed.add_metric((reason,), count)
        yield closed
        yield _by_direction(
            "tertulia_frames", "WebSocket messages.", counters.frames_in, counters.frames_out
        )
        yield _by_direction(
            "tertulia_frame_bytes", "Bytes of them.", counters.bytes_in, counters.bytes_out
        )
        yield CounterMetricFamily(
            "tertulia_ephemera_dropped", "Not sent to sockets that were behind.", counters.dropped
        )
        yield CounterMetricFamily(
            "tertulia_stream_gaps", "Holes in a stream filled from the log.", self._repairs()
        )


def _by_direction(name: str, doc: str, inbound: int, outbound: int) -> CounterMetricFamily:
    family = CounterMetricFamily(name, doc, labels=("direction",))
    family.add_metric(("in",), inbound)
    family.add_metric(("out",), outbound)
    return family
