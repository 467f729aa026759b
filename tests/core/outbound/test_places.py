"""Which addresses are public, and how an address is read."""

import pytest

from tertulia.core.outbound import NotAllowed, Places
from tertulia.core.outbound.address import redirected, target

INSIDE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.1.1", "198.18.0.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1",
    "::127.0.0.1", "100::1", "not an address", "",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_called(address: str) -> None:
    assert not Places().may_call(address, 443)


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_hosts_are_called_at_the_ports_of_the_web(address: str) -> None:
    places = Places()
    assert places.may_call(address, 80)
    assert places.may_call(address, 443)
    assert not any(places.may_call(address, port) for port in (22, 25, 6379, 5432, 8080))


def test_a_name_that_points_inside_too_is_not_called() -> None:
    with pytest.raises(NotAllowed):
        Places().judge(["93.184.216.34", "127.0.0.1"], 443)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "javascript:alert(1)",
        "http://", "http:///path", "//example.org", "example.org", "",
        "http://user@example.org/", "http://user:word@example.org/", "http://example.org@127.0.0.1/",
        "http://exam ple.org/", "http://example.org\\@127.0.0.1/", "http://example.org/\r\nX: y",
        "http://example.org:99999/", "http://[::1", "http://example.org/" + "a" * 3_000,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        target(url)


def test_addresses_are_read_as_browsers_read_them() -> None:
    assert target("HTTPS://Example.ORG").url == "https://example.org/"
    assert (
        target("http://bücher.example/ä?q=ü").url == "http://xn--bcher-kva.example/%C3%A4?q=%C3%BC"
    )
    assert target("http://[2606:4700::1]:80/x#part").url == "http://[2606:4700::1]/x"


def test_a_redirect_is_read_against_where_it_came_from() -> None:
    base = target("https://example.org/a/b")
    assert redirected(base, "../c").url == "https://example.org/c"
    assert redirected(base, "//other.example/").url == "https://other.example/"
    with pytest.raises(NotAllowed):
        redirected(base, "file:///etc/passwd")
