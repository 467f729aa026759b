"""How long a follower rests between steps, so that those who send and read come first."""

REST = 0.5  # seconds at most
SHARE = 2.0  # of the work before it
HOT = 2_000.0  # news a second: about what is followed in the time between such rests
HOT_REST = 2.0
HOT_SHARE = 20.0
LATE = 60.0  # seconds: what waits as long comes before those who send


def rest_after(took: float, *, heard: int, within: float, lag: float) -> float:
    """Seconds to rest after `took` seconds of work. `heard`: the news that came `within` the last
    so many seconds. `lag`: how old the oldest of what was just handled is, in seconds."""
    if heard > HOT * within and lag < LATE:
        return min(took * HOT_SHARE, HOT_REST)
    return min(took * SHARE, REST)
