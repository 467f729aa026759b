"""What the database is asked, without what the driver asks for itself."""

from typing import Any

import asyncpg
import pytest


def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything asked from now on, in order. asyncpg asks once a connection how types look; that
    is nobody's cost."""
    asked: list[str] = []
    connection: Any = asyncpg.connection.Connection
    run: Any = connection._do_execute

    async def counted(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        if "typeinfo_tree" not in query and "'jit'" not in query:
            asked.append(query)
        return await run(self, query, *args, **kwargs)

    monkeypatch.setattr(connection, "_do_execute", counted)
    return asked
