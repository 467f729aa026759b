"""How a crowd is let in: the server says who may come now, and when the others shall try again.

After a cut everybody returns at once. Two budgets of a node keep that from becoming an outage:
`resume` for clients that hold what they saw (one indexed query), `boot` for those that start from
nothing (whole snapshots). Who does not fit waits in line, for a client that never heard of budgets
must get in too; who would stand longer than `PATIENCE` gets an appointment: later than everybody
who was sent away before, so that they come back at the pace of the budget and not as a crowd again.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tertulia.core.clock import Clock
from tertulia.core.errors import AppError

Kind = Literal["boot", "resume"]

AT_ONCE = 2.0  # seconds' worth of a budget that an idle server gives out at once
PATIENCE = 5.0  # seconds in line; half of what a server that is told to stop has for goodbyes
LONGEST = 60.0  # seconds; beyond it a client would rather ask than wait
CLOSED = (30.0, 60.0)  # when to ask again a budget of nothing: the operator's switch
JITTER = 0.5  # seconds more, at most: appointments are not kept to the millisecond either


class Busy(AppError):
    """Nothing is wrong, only too many at once: come back in `retry_after` seconds."""

    code, status, title = "busy", 503, "Many are coming back right now; try again shortly"


class Budget:
    """`rate` a second. GCRA: one number says when the bucket will be full again."""

    def __init__(self, rate: float, clock: Clock, uniform: Callable[[], float]) -> None:
        """`uniform`: chance, 0..1. A `rate` of 0 lets nobody in."""
        self.rate = rate
        self.admitted = 0
        self.refused = 0
        self._clock = clock
        self._uniform = uniform
        self._full_at = 0.0
        self._line_ends = 0.0
        """The latest appointment given."""

    def take(self) -> float:
        """Seconds to wait in line before coming in; or raise Busy with an appointment."""
        if self.rate <= 0:
            self.refused += 1
            shortest, longest = CLOSED
            raise Busy(retry_after=_seconds(shortest + (longest - shortest) * self._uniform()))
        now = self._clock.monotonic()
        full_at = max(now, self._full_at) + 1 / self.rate
        late = full_at - now - AT_ONCE
        if late <= PATIENCE + 1e-9:
            self.admitted += 1
            self._full_at = full_at
            return late if late > 1e-6 else 0.0
        self.refused += 1
        self._line_ends = max(self._line_ends, now + late) + 1 / self.rate
        wait = min(self._line_ends - now, LONGEST)
        raise Busy(retry_after=_seconds(wait + min(wait, JITTER) * self._uniform()))

    @property
    def line(self) -> float:
        """Seconds until the last one who was sent away is back."""
        return max(0.0, self._line_ends - self._clock.monotonic())


def _seconds(wait: float) -> float:
    return round(max(wait, 0.1), 2)


class Admission:
    """The two budgets of a node."""

    def __init__(
        self, *, boot: float, resume: float, clock: Clock, uniform: Callable[[], float]
    ) -> None:
        self._clock = clock
        self.boot = Budget(boot, clock, uniform)
        self.resume = Budget(resume, clock, uniform)

    async def admit(self, kind: Kind) -> None:
        """Wait in line. Raises Busy. Nothing may have been spent on the client before but a look
        at its token."""
        wait = (self.resume if kind == "resume" else self.boot).take()
        if wait > 0:
            await self._clock.sleep(wait)


class AdmissionCollector(Collector):
    """The budgets as metrics, read when somebody scrapes."""

    def __init__(self, admission: Admission) -> None:
        self._budgets: dict[str, Budget] = {"boot": admission.boot, "resume": admission.resume}

    def collect(self) -> Iterable[Metric]:
        rate = GaugeMetricFamily(
            "tertulia_admission_rate", "Clients a second that may come in.", labels=("kind",)
        )
        line = GaugeMetricFamily(
            "tertulia_admission_line_seconds",
            "Until the last client sent away is asked to be back.",
            labels=("kind",),
        )
        total = CounterMetricFamily(
            "tertulia_admissions",
            "Clients that asked to come in; `result` is ok or busy.",
            labels=("kind", "result"),
        )
        for kind, budget in self._budgets.items():
            rate.add_metric((kind,), budget.rate)
            line.add_metric((kind,), budget.line)
            total.add_metric((kind, "ok"), budget.admitted)
            total.add_metric((kind, "busy"), budget.refused)
        yield from (rate, line, total)
