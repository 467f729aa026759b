"""How one setting is read and documented."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PREFIX = "TERTULIA_"


@dataclass(frozen=True)
class Spec:
    """How one setting is read and documented. `default` is written as a user would write it."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    doc: str
    form: str
    secret: bool

    @property
    def env(self) -> str:
        return PREFIX + self.name.upper()


def about(
    read: Callable[[str], Any], default: str | None, form: str, doc: str, *, secret: bool = False
) -> dict[str, Any]:
    """The metadata of a field. A default of None: absent, or worked out as `doc` says."""
    return {"read": read, "default": default, "form": form, "doc": doc, "secret": secret}
