"""What happens in a run of the fuzz, drawn from a seed.

A plan is a list of steps, each a name and three dice; what a step does with its dice depends on
the state it meets, so any part of a plan is a plan again, and failing ones can be made short.
"""

import random
from typing import NamedTuple

STEPS = 60
CLIENTS = 6


class Step(NamedTuple):
    name: str
    a: int
    b: int
    c: int


WEIGHTS = {
    "send": 14, "resend": 4, "say_together": 5, "say_while_removed": 4, "ask_amid": 3,
    "edit": 4, "delete": 4, "read": 3, "rename": 2, "profile": 1,
    "leave": 3, "add": 5, "remove": 4, "ban": 1, "unban": 1, "role": 1,
    "flush": 18, "drop": 6, "double": 4, "swap": 5,
    "connect": 8, "cut": 4, "ask": 5, "take": 8, "tick": 6, "fail_before": 2, "fail_after": 2,
    "clog": 5,
}  # fmt: skip


def plan(seed: int, steps: int = STEPS) -> list[Step]:
    dice = random.Random(seed)
    everybody = [Step(name, n, n, 1) for n in range(CLIENTS) for name in ("connect", "take")]
    names = dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=steps)
    return everybody + [Step(name, *(dice.randrange(1000) for _ in range(3))) for name in names]
