"""An event of ready JSON takes a shorter way to the same frame."""

import msgspec
import pytest

from tertulia.core.gateway import encode_event


@pytest.mark.parametrize("name", ["message.sent", 'quo"te', "olé \U0001f3b6", "back\\slash"])
@pytest.mark.parametrize("value", [None, {"text": "x"}, {"text": "x" * 200}, ["x" * 70_000]])
def test_ready_json_makes_the_same_frame(name: str, value: object) -> None:
    assert encode_event(name, msgspec.Raw(msgspec.json.encode(value))) == encode_event(name, value)


def test_in_another_namespace_too() -> None:
    ready = encode_event("said", msgspec.Raw(b'{"n":1}'), namespace="/custom")
    assert ready == encode_event("said", {"n": 1}, namespace="/custom")
