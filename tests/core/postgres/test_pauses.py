"""A server that keeps dying is tried again for ever, ever more patiently."""

from tertulia.core.postgres.server import LONGEST_PAUSE_SECONDS, pause_before


def test_the_first_restart_waits_for_nothing_and_the_hundredth_is_still_tried() -> None:
    pauses = [pause_before(failures) for failures in range(1, 101)]
    assert pauses[0] == 0
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
