"""A picture in some 25 bytes: ThumbHash (https://evanw.github.io/thumbhash), as clients decode it.

Unlike BlurHash it carries transparency and the proportions, and looks sharper at that size. The
luminance and two differences of colour (and the alpha) are each a few cosines, four bits for one.
"""

from math import cos, pi
from typing import NamedTuple

SIDE = 32  # pixels that are enough: at most seven cosines a side are kept


class _Channel(NamedTuple):
    """The mean, the cosines' weights in 0..1, and the largest of them as it was."""

    mean: float
    weights: list[float]
    scale: float


def thumbhash(width: int, height: int, rgba: bytes) -> bytes:
    """`rgba` is `width * height` pixels of four bytes, alpha not premultiplied; a side has at most
    100."""
    luma, p, q, a = _planes(rgba)
    alpha = any(value < 1 for value in a)
    longest = max(width, height)
    most = 5 if alpha else 7  # the alpha takes the place of some
    across, down = (max(1, _round(most * side / longest)) for side in (width, height))
    channels = [
        _channel(luma, width, height, max(3, across), max(3, down)),
        _channel(p, width, height, 3, 3),
        _channel(q, width, height, 3, 3),
    ]
    if alpha:
        channels.append(_channel(a, width, height, 5, 5))
    wide = width > height
    return _header(channels, down if wide else across, wide=wide) + _nibbles(
        [weight for channel in channels for weight in channel.weights]
    )


def _planes(rgba: bytes) -> tuple[list[float], list[float], list[float], list[float]]:
    """Luminance, yellow–blue, red–green, alpha; what is transparent has the mean colour."""
    pixels = [tuple(value / 255 for value in rgba[at : at + 4]) for at in range(0, len(rgba), 4)]
    seen = sum(pixel[3] for pixel in pixels)
    means = [sum(pixel[i] * pixel[3] for pixel in pixels) / (seen or 1) for i in range(3)]
    luma: list[float] = []
    p: list[float] = []
    q: list[float] = []
    a: list[float] = []
    for pixel in pixels:
        alpha = pixel[3]
        r, g, b = (means[i] * (1 - alpha) + pixel[i] * alpha for i in range(3))
        luma.append((r + g + b) / 3)
        p.append((r + g) / 2 - b)
        q.append(r - g)
        a.append(alpha)
    return luma, p, q, a


def _channel(plane: list[float], width: int, height: int, across: int, down: int) -> _Channel:
    """The cosines in the triangle of low frequencies, row by row."""
    waves_x = [[cos(pi / width * cx * (x + 0.5)) for x in range(width)] for cx in range(across)]
    waves_y = [[cos(pi / height * cy * (y + 0.5)) for y in range(height)] for cy in range(down)]
    rows = [plane[y * width : (y + 1) * width] for y in range(height)]
    # Each row by each wave once; the columns are then short sums.
    along = [[sum(map(_times, row, wave)) for row in rows] for wave in waves_x]
    found = [
        sum(map(_times, along[cx], waves_y[cy])) / (width * height)
        for cy in range(down)
        for cx in range(across)
        if cx * down < across * (down - cy)
    ]
    mean, weights = found[0], found[1:]
    scale = max((abs(weight) for weight in weights), default=0.0)
    if scale:
        weights = [0.5 + 0.5 / scale * weight for weight in weights]
    return _Channel(mean, weights, scale)


def _times(one: float, other: float) -> float:
    return one * other


def _header(channels: list[_Channel], shorter: int, *, wide: bool) -> bytes:
    luma, p, q, *alpha = channels
    colours = (
        _round(63 * luma.mean)
        | _round(31.5 + 31.5 * p.mean) << 6
        | _round(31.5 + 31.5 * q.mean) << 12
        | _round(31 * luma.scale) << 18
        | bool(alpha) << 23
    )
    shape = shorter | _round(63 * p.scale) << 3 | _round(63 * q.scale) << 9 | wide << 15
    head = colours.to_bytes(3, "little") + shape.to_bytes(2, "little")
    if alpha:
        head += bytes([_round(15 * alpha[0].mean) | _round(15 * alpha[0].scale) << 4])
    return head


def _nibbles(weights: list[float]) -> bytes:
    """Two weights a byte, the earlier one in its lower half."""
    values = [_round(15 * weight) for weight in weights]
    if len(values) % 2:
        values.append(0)
    return bytes(low | high << 4 for low, high in zip(values[::2], values[1::2], strict=True))


def _round(value: float) -> int:
    """Half up, as the decoders' language has it."""
    return int(value + 0.5)
