"""Any bytes at all: a packet, frames, a request; or a ProtocolError, a refusal. Nothing else, ever.

The small sister of tests/faults/test_flood.py: hypothesis finds the shortest of what breaks.
"""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from tests.faults.flood_words import ALPHABET, BOMBS, PACKETS, masked

from tertulia.core.gateway import Handshake, ProtocolError, Refusal
from tertulia.core.gateway.framing import Framing
from tertulia.core.gateway.packets import Kind, Packet, decode, encode

LIKELY = st.lists(
    st.one_of(
        st.sampled_from(PACKETS + BOMBS),
        st.binary(max_size=8),
        st.lists(st.sampled_from(list(ALPHABET)), max_size=12).map(bytes),
    ),
    max_size=4,
).map(b"".join)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(LIKELY)
def test_a_packet_or_a_protocol_error(text: bytes) -> None:
    with suppress(ProtocolError):
        packet = decode(text)
        assert packet.kind in Kind
        assert packet.id is None or 0 <= packet.id < 2**53
        assert packet.attachments <= 10
        if packet.kind in (Kind.EVENT, Kind.BINARY_EVENT):
            assert isinstance(packet.data[0], str)


@given(JSON, st.none() | st.integers(0, 10**15 - 1))
def test_what_we_say_is_what_we_hear(data: object, number: int | None) -> None:
    said = Packet(Kind.EVENT, ["name", data], number)
    assert decode(encode(said)) == said


@given(st.lists(st.one_of(LIKELY.map(masked), st.binary(max_size=20)), max_size=5), st.data())
def test_frames_do_not_depend_on_how_they_arrive(parts: list[bytes], data: st.DataObject) -> None:
    """One read or many: the same frames, the same verdict."""
    stream = b"".join(parts)
    whole = _read([stream])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert _read([piece for piece in pieces if piece]) == whole


def _read(pieces: list[bytes]) -> tuple[list[object], bool]:
    framing = Framing(65_536)
    found: list[object] = []
    try:
        for piece in pieces:
            found.extend(framing.feed(piece))
    except ProtocolError:
        return found, True
    return found, False


@given(st.text(max_size=40), st.binary(max_size=200))
def test_a_handshake_is_read_without_harm(target: str, head: bytes) -> None:
    """Cookies, query and headers are a stranger's, and are looked at before anybody is known."""
    handshake = Handshake("/socket.io/?" + target, head.replace(b"\n\n", b""), "203.0.113.9")
    assert isinstance(handshake.query, dict)
    assert isinstance(handshake.cookies, dict)
    assert handshake.origin is None or isinstance(handshake.origin, str)
    assert not isinstance(handshake, Refusal)
