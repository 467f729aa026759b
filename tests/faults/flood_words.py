"""Hostile bytes by a seed: packets, frames and requests that were once well formed, bent where
parsers break."""

import random
from collections.abc import Callable

PACKETS = (
    b'2["a",1]',
    b'21["a",{"b":[1,2,"x"]}]',
    b'2["message.send",{"room_id":"0199f0a0-0000-7000-8000-000000000000","text":"hi"}]',
    b'217["typing",{"active":true}]',
    b"31[]",
    b'3123["late",null]',
    b"0",
    b'0{"token":"eyJ.a.b","resume":true}',
    b"0/admin,",
    b'2/admin,1["a"]',
    b"1",
    b'51-["a",{"_placeholder":true,"num":0}]',
    b'52-9["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
    b'61-7[{"_placeholder":true,"num":0}]',
    b'4{"message":"no"}',
)
# What once broke somebody: advisories of socket.io, engine.io and ws, and parsers in general.
BOMBS = (
    b'2["connect"]',
    b'2["disconnecting",1]',
    b'2["newListener"]',
    b'2["__proto__",{"__proto__":{"polluted":1},"constructor":{"prototype":{}}}]',
    b'2[{"toString":1}]',
    b"2[null]",
    b"2{}",
    b"2[]",
    b'2["a",1e999,-1e-999,NaN]',
    b'2["a",999999999999999999999999999999]',
    b'2999999999999999999999["a"]',
    b'2["a","\\ud800"]',
    b'2["a","\xff\xfe"]',
    b'2["a\x00b"]',
    b"2" + b"[" * 5_000,
    b'2["a",' + b'{"a":' * 200 + b"1" + b"}" * 200 + b"]",
    b'2["' + b"a" * 9_000 + b'"]',
    b'599999-["a"]',
    b'59-["a"]',
    b'51-["a",{"_placeholder":true,"num":99}]',
    b'51-["a",{"_placeholder":true,"num":-1}]',
    b'51-["a",{"_placeholder":true,"num":"0"}]',
    b"0" + b"/" + b"n" * 300 + b",",
    b"0" + b'{"a":' * 40,
    b"7[]",
    b"",
)
ALPHABET = b'[]{}",:0123456789/-\\ue\x00\xff \n_ping'
NUMBERS = (b"-1", b"0", b"256", b"65536", b"2147483648", b"9007199254740993", b"1e400", b"00")

REQUESTS = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://good.example\r\n\r\n",
    b"GET /socket.io/?EIO=4&transport=polling&t=abc HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
    b"GET /socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: a\r\n"
    b"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n\r\n40",
    b"OPTIONS /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n"
    b"Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b'Content-Length: 34\r\n\r\n{"username":"a","password":"bbbb"}',
    b"GET /api/v1/sync?since=abc HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x.y.z\r\n\r\n",
    b"POST /api/v1/rooms HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    b'Content-Type: application/json\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n',
)
LINES = (
    b"Content-Length: 5",
    b"Content-Length: 0",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding : identity",
    b"Host: evil.example",
    b"Origin: null",
    b"Origin: http://good.example.evil",
    b"X-Forwarded-For: 127.0.0.1, ::1, x",
    b"Cookie: " + b"a=b; " * 900,
    b"Expect: 100-continue",
    b"Connection: close, Upgrade",
    b"Upgrade: h2c",
    b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    b"X: " + b"y" * 9_000,
    b" folded",
    b": nameless",
)


def bend(chance: random.Random, text: bytes, others: tuple[bytes, ...] = PACKETS) -> bytes:
    """One to three wounds."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        text = chance.choice(WOUNDS)(chance, text, others)
    return text


def _flip(chance: random.Random, text: bytes, _: tuple[bytes, ...]) -> bytes:
    if not text:
        return text
    at = chance.randrange(len(text))
    return text[:at] + bytes((text[at] ^ 1 << chance.randrange(8),)) + text[at + 1 :]


def _insert(chance: random.Random, text: bytes, _: tuple[bytes, ...]) -> bytes:
    at = chance.randint(0, len(text))
    return text[:at] + bytes(chance.choices(ALPHABET, k=chance.randint(1, 4))) + text[at:]


def _cut(chance: random.Random, text: bytes, _: tuple[bytes, ...]) -> bytes:
    at = chance.randint(0, len(text))
    return text[:at] + text[at + chance.randint(1, 8) :]


def _repeat(chance: random.Random, text: bytes, _: tuple[bytes, ...]) -> bytes:
    at = chance.randint(0, len(text))
    piece = text[at : at + chance.randint(1, 8)]
    return text[:at] + piece * chance.choice((2, 3, 50)) + text[at:]


def _graft(chance: random.Random, text: bytes, others: tuple[bytes, ...]) -> bytes:
    other = chance.choice(others)
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]


def _number(chance: random.Random, text: bytes, _: tuple[bytes, ...]) -> bytes:
    digits = [at for at, byte in enumerate(text) if 48 <= byte <= 57]
    at = chance.choice(digits) if digits else 0
    return text[:at] + chance.choice(NUMBERS) + text[at + 1 :]


Wound = Callable[[random.Random, bytes, tuple[bytes, ...]], bytes]
WOUNDS: tuple[Wound, ...] = (_flip, _insert, _cut, _repeat, _graft, _number)


VALUES = (
    *("null", "true", "0", "-0.0", "1e308", "9007199254740993", "-9223372036854775808", '""', "{}"),
    *('"\\u0000"', '"\\ud83d\\ude00"', '"\\u2028"', '"é"', '"' + "x" * 300 + '"'),
    *('{"_placeholder":true,"num":0}', '{"__proto__":1}', '{"":{"":[[[]]]}}', '{"a":1,"a":2}'),
)


def packet(chance: random.Random) -> bytes:
    """A Socket.IO packet (without Engine.IO's leading 4), seldom well formed."""
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(BOMBS)
    if kind < 0.6:
        return bend(chance, chance.choice(PACKETS))
    # Odd but allowed: this must pass.
    head = chance.choice(("2", "20", "2999999999999999", "31", "3999", "2"))
    name = f'"{chance.choice("abé /")}"'
    return f"{head}[{','.join([name, *chance.choices(VALUES, k=chance.randint(0, 6))])}]".encode()


def masked(payload: bytes, opcode: int = 1, *, fin: bool = True) -> bytes:
    """A correct client frame (RFC 6455 §5.2)."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 * fin | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 * fin | opcode, 0xFE)) + size.to_bytes(2)
    else:
        head = bytes((0x80 * fin | opcode, 0xFF)) + size.to_bytes(8)
    return head + bytes(4) + payload


def frames(chance: random.Random) -> bytes:
    """What a hostile client writes after its upgrade."""
    payload = b"4" + packet(chance)
    match chance.randrange(8):
        case 0:  # in fragments, some of them too many
            pieces = chance.choice((2, 3, 70))
            step = len(payload) // pieces + 1
            parts = [payload[n * step : (n + 1) * step] for n in range(pieces)]
            return b"".join(
                masked(part, 0 if n else 1, fin=n == pieces - 1) for n, part in enumerate(parts)
            )
        case 1:  # a length that lies
            return bytes((0x81, 0xFF)) + chance.getrandbits(64).to_bytes(8) + bytes(4) + payload
        case 2:  # another opcode, reserved bits, no mask
            return bytes(chance.choices(range(256), k=2)) + bytes(4) + payload
        case 3:
            return bend(chance, masked(payload))
        case 4:  # binary out of place, or in place
            return masked(b'451-["a",{"_placeholder":true,"num":0}]') + masked(payload, 2)
        case 5:  # control frames
            return masked(payload[: chance.choice((2, 125, 126))], chance.choice((8, 9, 10)))
        case 6:
            return chance.randbytes(chance.randint(1, 200))
        case _:
            return masked(payload)


def request(chance: random.Random) -> bytes:
    """An HTTP request, or something that looks like one."""
    whole = chance.choice(REQUESTS)
    for _ in range(chance.choice((0, 0, 1, 2))):
        lines = whole.split(b"\r\n")
        lines.insert(chance.randint(1, len(lines) - 1), chance.choice(LINES))
        whole = b"\r\n".join(lines)
    match chance.randrange(5):
        case 0:
            return whole + chance.choice(REQUESTS)  # pipelined
        case 1:
            return whole.replace(b"\r\n", chance.choice((b"\n", b"\r", b"\r\r\n")), 2)
        case 2:
            return whole + frames(chance)
        case _:
            return bend(chance, whole, REQUESTS)
