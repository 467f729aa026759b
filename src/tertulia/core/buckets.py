"""What is limited, as data: which `core.limits` enforces."""

from dataclasses import dataclass

LEAST_HOT_AMOUNT = 16


@dataclass(frozen=True, slots=True)
class Bucket:
    """`amount` at once, and on average `amount` per `seconds`. `name` is for ever: metrics,
    headers and stored keys carry it.

    `hot`: asked with every message, so that nodes that share it draw several at once, and together
    hold a sixteenth back (`core.limits.credit`). All others are asked about each time: what guards
    a password must not be guessed at.
    """

    name: str
    amount: int
    seconds: float
    hot: bool = False

    def __post_init__(self) -> None:
        if self.hot and self.amount < LEAST_HOT_AMOUNT:
            raise ValueError(f"too small to be drawn from in parts: {self.name}")

    @property
    def interval(self) -> float:
        return self.seconds / self.amount
