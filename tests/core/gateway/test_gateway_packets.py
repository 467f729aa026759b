"""The packet codec: what correct clients send survives the round trip, nothing else gets in."""

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.gateway import GatewaySettings, ProtocolError, encode_event, packets
from tertulia.core.gateway.framing import Fragments, Received
from tertulia.core.gateway.packets import Kind, Packet, decode, encode
from tertulia.core.gateway.reader import Unfinished, read

integers = st.integers(-(2**63), 2**63 - 1)
leaves = st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    leaves | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.text().filter(lambda name: name not in packets.RESERVED)
ids = st.integers(0, 10**15 - 1)
namespaces = st.just("/") | st.from_regex(r"/[a-z]{1,20}", fullmatch=True)
objects = st.dictionaries(st.text(), values, max_size=4)


@st.composite
def any_packet(draw: st.DrawFn) -> Packet:
    kind = draw(st.sampled_from(Kind))
    number, data, attachments = None, None, 0
    match kind:
        case Kind.EVENT | Kind.BINARY_EVENT:
            data, number = [draw(names), *draw(st.lists(values))], draw(st.none() | ids)
        case Kind.ACK | Kind.BINARY_ACK:
            data, number = draw(st.lists(values)), draw(ids)
        case Kind.CONNECT:
            data = draw(st.none() | objects)
        case Kind.CONNECT_ERROR:
            data = draw(objects | st.text())
        case _:
            pass
    if kind >= Kind.BINARY_EVENT:
        attachments = draw(st.integers(0, 10))
    return Packet(kind, data, number, draw(namespaces), attachments)


@given(any_packet())
def test_every_packet_survives_the_round_trip(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


@given(
    st.binary(max_size=200) | st.text(alphabet='0123456-/,[]{}"ae\\u', max_size=60).map(str.encode)
)
def test_any_bytes_are_a_packet_or_a_protocol_error(data: bytes) -> None:
    try:
        packet = decode(data)
    except ProtocolError:
        return
    assert isinstance(packet, Packet)


@given(any_packet(), st.data())
def test_a_damaged_packet_is_a_packet_or_a_protocol_error(
    packet: Packet, data: st.DataObject
) -> None:
    text = bytearray(encode(packet))
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        decode(bytes(text))


messages = st.tuples(
    st.booleans(),
    st.binary(max_size=20)
    | any_packet().map(encode)
    | st.just(b'52-["a",{"_placeholder":true,"num":0}]'),
)


@given(st.lists(messages, max_size=12))
def test_any_sequence_of_messages_is_read_or_refused(sequence: list[tuple[bool, bytes]]) -> None:
    unfinished: Unfinished | None = None
    with contextlib.suppress(ProtocolError):
        for is_binary, payload in sequence:
            if is_binary and unfinished is not None:
                whole = unfinished.add(payload)
                if whole is not None:
                    assert whole.attachments == 0
                    unfinished = None
            elif not is_binary and unfinished is None:
                packet = read(payload, GatewaySettings())
                unfinished = Unfinished(packet, len(payload)) if packet.attachments else None


deep = b"[" * 33 + b"]" * 33


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"7",
        b"x",
        b"2",
        b"2[]",
        b"2{}",
        b'2"name"',
        b"2[1]",
        b'2[["a"]]',
        b'2["connect"]',
        b'2["disconnecting"]',
        b'2["newListener"]',
        b'2["a"',
        b'2["a"]x',
        b"3[1]",
        b"31{}",
        b'0"x"',
        b"01{}",
        b"1{}",
        b'21-["a"]',
        b'5["a"]',
        b'511-["a"]',
        b'599999-["a"]',
        b'2["\xff"]',
        b"2/\xff,[]",
        b'2["a",' + deep + b"]",
        b'2["a",' + b"[" * 60_000,
        b'2["a",9223372036854775808]',
        b'2["a",' + b"9" * 5000 + b"]",
        b'2["a",1e999]',
        b'29999999999999999["a"]',
    ],
)
def test_what_no_correct_client_sends_is_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(text)


def test_limits_refuse_only_what_is_beyond_them() -> None:
    inside = b'2["a",' + b"[" * 31 + b"]" * 31 + b"]"
    assert decode(inside).kind is Kind.EVENT
    brackets = "[" * 100
    assert decode(packets.encode(Packet(Kind.EVENT, ["a", brackets]))).data == ["a", brackets]
    wide: list[list[int]] = [[] for _ in range(100)]
    assert decode(encode(Packet(Kind.EVENT, ["a", wide]))).data == ["a", wide]
    assert decode(b'2["a",-9223372036854775808]').data[1] == -(2**63)
    assert decode(b'2["a","12345678901234567890"]').data[1] == "12345678901234567890"


nested = st.recursive(
    leaves | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(nested)
def test_binary_values_survive_the_round_trip(value: Any) -> None:
    attachments: list[bytes] = []
    data = packets.take_binary(["a", value], attachments)
    packet = Packet(Kind.BINARY_EVENT, data, None, "/", len(attachments))
    back = decode(encode(packet), max_attachments=100)
    assert packets.with_attachments(back, attachments).data == ["a", value]


@pytest.mark.parametrize("number", ["1", "-1", "true", "0.0", '"0"', "null", "1e3"])
def test_a_placeholder_that_points_nowhere_is_refused(number: str) -> None:
    packet = decode(b'51-["a",{"_placeholder":true,"num":%b}]' % number.encode())
    with pytest.raises(ProtocolError):
        packets.with_attachments(packet, [b"x"])


@pytest.mark.parametrize(("size", "header"), [(50, 2), (200, 4), (70_000, 10)])
def test_an_encoded_event_is_complete_on_the_wire(size: int, header: int) -> None:
    frame = encode_event("say", {"text": "x" * size}, msgspec.Raw(b'{"raw":1}'))
    text = b'42["say",{"text":"%b"},{"raw":1}]' % (b"x" * size)
    assert frame[header:] == text
    assert frame[0] == 0x81
    length = {2: frame[1], 4: int.from_bytes(frame[2:4]), 10: int.from_bytes(frame[2:10])}
    assert length[header] == len(text)


def gather(*frames: Received) -> bytes | None:
    fragments, whole = Fragments(frames[0]), None
    for frame in frames[1:]:
        assert whole is None
        whole = fragments.add(frame, max_bytes=100, max_parts=5)
    return whole


def test_fragments_are_bounded_in_bytes_and_number() -> None:
    assert gather(Received(1, False, b'42["a",'), Received(0, True, b"1]")) == b'42["a",1]'
    more = Received(0, False, b"x" * 60)
    with pytest.raises(ProtocolError):
        gather(Received(1, False, b"x" * 60), more)
    nothing = Received(0, False, b"")
    assert gather(Received(1, False, b""), *[nothing] * 4) is None
    with pytest.raises(ProtocolError):
        gather(Received(1, False, b""), *[nothing] * 5)
    with pytest.raises(ProtocolError):
        gather(Received(2, False, b"a"), Received(2, True, b"b"))
    with pytest.raises(ProtocolError):
        gather(nothing)
