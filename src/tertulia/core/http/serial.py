"""Dependencies in a row.

Litestar resolves independent dependencies in a task group, a task each: three quarters of what a
request costs us, for parts that are at hand already. One after the other they cost next to nothing.
"""

from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute


def resolve_in_a_row(api: Litestar) -> None:
    """Reaches into Litestar 2 (pyproject keeps us there); tests/core/http notices if it moves."""
    for route in api.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                kwargs_model: Any = model
                kwargs_model.dependency_batches = [
                    {dependency} for batch in model.dependency_batches for dependency in batch
                ]
