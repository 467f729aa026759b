"""What asks for attention: the table that the web client's twin is tested with, too."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tertulia.features.preferences.policy import attention
from tertulia.features.preferences.schemas import RoomPreferences

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLE: list[dict[str, Any]] = msgspec.json.decode(
    Path(__file__).with_name("attention.json").read_bytes()
)


@pytest.mark.parametrize("row", TABLE, ids=[row["says"] for row in TABLE])
def test_what_asks_for_attention(row: dict[str, Any]) -> None:
    wanted = msgspec.convert(row["preferences"], RoomPreferences)
    counts: dict[str, Any] = {name: row[name] for name in ("unread", "mentions", "threads")}
    shown = attention(wanted, row["kind"], row["default"], NOW, **counts)
    assert shown._asdict() == row["shown"]
