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
        body = await self.body()
        try:
            return msgspec.json.decode(body, type=Any if data is None else data.raw)
        except UnicodeDecodeError as error:  # the one mistake of a client msgspec has no name for
            raise msgspec.DecodeError("the body is not UTF-8") from error
