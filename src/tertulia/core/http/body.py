"""Request bodies: JSON only, decoded and checked in one pass, strictly."""

from typing import Any

import msgspec
from litestar import Request

from tertulia.core.http.problem import UnsupportedMediaType


class StrictRequest(Request[Any, Any, Any]):
    """Litestar decodes to plain objects and then converts them leniently ("5" is a 5); here the
    body becomes the route's own type at once, and a number has to be a number."""

    async def json(self) -> Any:
        """Raises UnsupportedMediaType, msgspec.DecodeError, msgspec.ValidationError."""
        # Also the second line against foreign forms: they cannot send this type unasked.
        if self.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise UnsupportedMediaType
        data = self.route_handler.parsed_fn_signature.parameters.get("data")
        return msgspec.json.decode(await self.body(), type=Any if data is None else data.raw)
