"""What msgspec and Litestar say about a bad request → our field errors.

Their messages never leave as they are where they repeat what the client sent: that may be secret.
"""

import re
from typing import cast

from litestar.exceptions import ValidationException

from tertulia.core.errors import FieldError

_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_NAMED = re.compile(r"^Object (?P<kind>missing required|contains unknown) field `(?P<name>.*)`$")
_MISSING_PARAMETER = re.compile(r"^Missing required \w+ parameter '(?P<name>\w+)'")
_CODES = (
    (re.compile(r"^Expected `\w+` of length >="), "too_short"),
    (re.compile(r"^Expected `\w+` of length <="), "too_long"),
    (re.compile(r"^Expected `\w+` matching regex"), "pattern"),
    (re.compile(r"^Expected `\w+` (that's )?(>|<|a multiple)"), "out_of_range"),
    (re.compile(r"^Expected `[^`]+`, got `\w+`$"), "type"),
    (re.compile(r"^Expected `[^`]+`$"), "type"),
)


def field_error(message: str, root: str = "") -> FieldError:
    """One msgspec message, such as ``Expected `int`, got `str` - at `$.members[0]` ``."""
    found = _AT.match(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    path = _join(root, path)
    if named := _NAMED.match(what):
        missing = named["kind"].startswith("missing")
        return FieldError(
            field=_join(path, named["name"][:64]),
            code="missing" if missing else "unknown",
            message="This field is required" if missing else "This field is not known",
        )
    for pattern, code in _CODES:
        if pattern.match(what):
            return FieldError(field=path, code=code, message=what)
    return FieldError(field=path, code="invalid", message="This value is not allowed")


def litestar_field_errors(error: ValidationException) -> tuple[FieldError, ...]:
    """Litestar's list of `{key, message, source}` about path, query, header and body."""
    if missing := _MISSING_PARAMETER.search(error.detail):
        return (FieldError(missing["name"], "missing", "This parameter is required"),)
    if not isinstance(error.extra, list):
        return ()
    return tuple(map(_from_litestar, cast("list[dict[str, str]]", error.extra)))


def _from_litestar(error: dict[str, str]) -> FieldError:
    key, message = error.get("key", ""), error.get("message", "")
    if key == "data" and message == "'data'":  # the text of the KeyError for a body that is not
        return FieldError(field="", code="missing", message="A JSON body is required")
    return field_error(message, "" if key == "data" else key)


def _join(root: str, path: str) -> str:
    separator = "" if not root or not path or path.startswith("[") else "."
    return f"{root}{separator}{path}"
