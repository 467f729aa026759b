"""WebSocket frames from clients: whatever way they are cut, the same frames or a refusal."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.gateway import ProtocolError
from tertulia.core.gateway.framing import Framing, Received, unmask


def client_frame(frame: Received, mask: bytes) -> bytes:
    size = len(frame.payload)
    first = frame.opcode | (0x80 if frame.fin else 0)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(frame.payload))
    return head + mask + masked


small = st.binary(max_size=125)
sizes = st.sampled_from([0, 1, 125, 126, 127, 300, 65_535, 65_536]).map(lambda size: b"x" * size)
data_frames = st.builds(Received, st.sampled_from([0, 1, 2]), st.booleans(), small | sizes)
control_frames = st.builds(Received, st.sampled_from([8, 9, 10]), st.just(True), small)
masks = st.binary(min_size=4, max_size=4)


@given(
    st.lists(st.tuples(data_frames | control_frames, masks), max_size=4),
    st.lists(st.integers(1, 70_000), max_size=6),
)
def test_frames_arrive_whole_however_they_are_cut(
    sent: list[tuple[Received, bytes]], cuts: list[int]
) -> None:
    wire = b"".join(client_frame(frame, mask) for frame, mask in sent)
    framing = Framing(65_536)
    got: list[Received] = []
    for cut in cuts:
        got.extend(framing.feed(wire[:cut]))
        wire = wire[cut:]
    got.extend(framing.feed(wire))
    assert got == [frame for frame, _ in sent]


@given(data_frames | control_frames, masks)
def test_one_byte_at_a_time(frame: Received, mask: bytes) -> None:
    frame = frame._replace(payload=frame.payload[:300])
    framing = Framing(65_536)
    wire = client_frame(frame, mask)
    got = [received for byte in wire for received in framing.feed(bytes((byte,)))]
    assert got == [frame]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes_are_frames_or_a_refusal(parts: list[bytes]) -> None:
    framing = Framing(100)
    with contextlib.suppress(ProtocolError):
        for part in parts:
            for received in framing.feed(part):
                assert len(received.payload) <= 100


@given(small, masks)
def test_unmasking_twice_is_nothing(payload: bytes, mask: bytes) -> None:
    assert unmask(unmask(payload, mask), mask) == payload


@pytest.mark.parametrize(
    "wire",
    [
        "8102" + "3430",  # no mask
        "c180" + "00000000",  # RSV1
        "a180" + "00000000",  # RSV2
        "9180" + "00000000",  # RSV3
        "8380" + "00000000",  # reserved data opcode
        "8b80" + "00000000",  # reserved control opcode
        "0980" + "00000000",  # control frame in fragments
        "89fe" + "007e",  # control frame above 125
        "81fe" + "007d",  # 125 in two bytes
        "81ff" + "000000000000ffff",  # 65535 in eight bytes
        "81ff" + "8000000000010000",  # the highest bit
        "81ff" + "0000000000010001",  # above the limit: refused before it arrives
    ],
)
def test_what_the_rfc_forbids_is_refused(wire: str) -> None:
    with pytest.raises(ProtocolError):
        list(Framing(65_536).feed(bytes.fromhex(wire)))


def test_frames_before_a_broken_one_still_count() -> None:
    good = client_frame(Received(1, True, b"2"), b"abcd")
    frames = Framing(100).feed(good + good + b"\xff\xff")
    assert [next(frames).payload, next(frames).payload] == [b"2", b"2"]
    with pytest.raises(ProtocolError):
        next(frames)
