"""What is limited, as data: which `core.limits` enforces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """`amount` at once, and on average `amount` per `seconds`. `name` is for ever: metrics,
    headers and stored keys carry it."""

    name: str
    amount: int
    seconds: float

    @property
    def interval(self) -> float:
        return self.seconds / self.amount
