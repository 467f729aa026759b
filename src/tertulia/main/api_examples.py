"""Examples for the API's document and page, taken from a running node by `make api`.

`api_examples.json` beside this module is generated; a test compares it with what a node says.
"""

from importlib import resources
from typing import Any

import msgspec


def load() -> dict[str, dict[str, Any]]:
    """`{path, request, status, response}` by `METHOD /path/{of}/names` or the name of a command.
    Empty where none were generated."""
    file = resources.files("tertulia.main") / "api_examples.json"
    return msgspec.json.decode(file.read_bytes()) if file.is_file() else {}
