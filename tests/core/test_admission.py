"""A crowd comes back: the server lets in what it can, and spreads the rest (W7)."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tertulia.core.admission import Admission, AdmissionCollector, Budget, Busy
from tertulia.core.pace import Pace, Paces, Rates


@dataclass
class ManualClock:
    seconds: float = 1_000.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def asked(budget: Budget) -> float:
    """0.0 for let in, be it after a while in line, else the appointment."""
    try:
        budget.take()
    except Busy as busy:
        return busy.retry_after or -1.0
    return 0.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_an_idle_server_lets_two_seconds_worth_in_at_once(clock: ManualClock) -> None:
    budget = Budget(100, clock, lambda: 0.0)
    assert [budget.take() for _ in range(200)] == [0.0] * 200
    assert budget.take() == pytest.approx(0.01)


def test_five_seconds_worth_more_stand_in_line_and_come_in_at_the_rate(clock: ManualClock) -> None:
    """An unmodified client knows no appointments: it gets in later, and hears of no error."""
    budget = Budget(100, clock, lambda: 0.0)
    waits = [budget.take() for _ in range(700)]
    assert waits[200:] == pytest.approx([n / 100 for n in range(1, 501)])
    assert asked(budget) > 5
    assert (budget.admitted, budget.refused) == (700, 1)


async def test_a_line_is_stood_in(clock: ManualClock) -> None:
    admission = Admission(boot=1, resume=1, clock=clock, uniform=lambda: 0.0)
    began = clock.seconds
    for _ in range(4):
        await admission.admit("boot")
    assert clock.seconds - began == 2.0


def test_a_crowd_is_spread_and_comes_in_at_the_second_try(clock: ManualClock) -> None:
    """Storm shape: 20,000 at once, 1,000 a second. Nobody asks a third time, and who has come at
    the hour that was said stands in no line."""
    budget = Budget(1_000, clock, lambda: 0.5)
    start = clock.seconds
    returning = sorted(start + wait for wait in (asked(budget) for _ in range(20_000)) if wait)
    assert len(returning) == 13_000
    for at in returning:
        clock.seconds = at
        assert budget.take() == 0.0
    assert returning[-1] - start < 19.0


def test_appointments_have_jitter(clock: ManualClock) -> None:
    chance = iter([0.0, 1.0])
    budget = Budget(1, clock, lambda: next(chance))
    assert [asked(budget) for _ in range(9)] == [0.0] * 7 + [7.0, 8.5]


def test_appointments_end_somewhere(clock: ManualClock) -> None:
    budget = Budget(1, clock, lambda: 1.0)
    waits = [asked(budget) for _ in range(1_000)]
    assert max(waits) <= 60.5
    assert budget.line > 60


def test_a_line_is_forgotten_when_it_is_over(clock: ManualClock) -> None:
    budget = Budget(10, clock, lambda: 0.0)
    for _ in range(100):
        asked(budget)
    clock.seconds += 60
    assert budget.line == 0.0
    assert asked(budget) == 0.0


async def test_a_budget_of_nothing_is_a_switch(clock: ManualClock) -> None:
    admission = Admission(boot=0, resume=10, clock=clock, uniform=lambda: 0.5)
    with pytest.raises(Busy) as refused:
        await admission.admit("boot")
    assert refused.value.retry_after == 45.0
    await admission.admit("resume")


def test_booting_never_takes_from_resuming(clock: ManualClock) -> None:
    admission = Admission(boot=5, resume=5, clock=clock, uniform=lambda: 0.0)
    for _ in range(100):
        asked(admission.boot)
    assert [admission.resume.take() for _ in range(10)] == [0.0] * 10


async def test_both_are_visible(clock: ManualClock) -> None:
    admission = Admission(boot=0, resume=1_000, clock=clock, uniform=lambda: 0.0)
    await admission.admit("resume")
    asked(admission.boot)
    seen = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in AdmissionCollector(admission).collect()
        for sample in metric.samples
    }
    assert seen["tertulia_admission_rate", "resume"] == 1_000
    assert seen["tertulia_admissions_total", "resume", "ok"] == 1
    assert seen["tertulia_admissions_total", "boot", "busy"] == 1
    assert ("tertulia_admission_line_seconds", "boot") in seen


# The pace of events (W9)

RATES = Rates(socket=10, socket_burst=20, account=15, account_burst=30, refusals_burst=50)


def test_a_burst_passes_and_then_the_rate() -> None:
    pace = Pace(10, 20)
    assert sum(pace.take(5.0) == 0 for _ in range(100)) == 20
    wait = pace.take(5.0)
    assert wait == pytest.approx(0.1)
    assert pace.take(5.0 + wait) == 0.0


def test_sockets_of_one_account_share_its_pace() -> None:
    paces = Paces(RATES)
    first, second, other = (paces.of(name, 0.0) for name in ("ann", "ann", "ben"))
    assert sum(first.take(0.0) == 0 for _ in range(40)) == 20
    assert sum(second.take(0.0) == 0 for _ in range(40)) == 10
    assert sum(other.take(0.0) == 0 for _ in range(40)) == 20


def test_reconnecting_does_not_refill_an_account() -> None:
    paces = Paces(RATES)
    for _ in range(10):
        socket = paces.of("ann", 0.0)
        for _ in range(20):
            socket.take(0.0)
    assert paces.of("ann", 0.0).take(0.0) > 0


def test_who_goes_on_after_refusals_is_a_flood() -> None:
    socket = Paces(RATES).of("ann", 0.0)
    refused = 0
    while True:
        if socket.take(0.0) > 0:
            refused += 1
            if socket.is_flood(0.0):
                break
    assert refused == 51


def test_accounts_that_rest_are_forgotten() -> None:
    paces = Paces(RATES)
    for n in range(1_000):
        paces.of(n, float(n)).take(float(n))
    assert len(paces) < 10
