"""The one HTTP client for addresses that people type: previews, webhooks, imports.

Whoever may choose what a server fetches may try to look inside its network. So a name is resolved
here, every address it has is judged, and the connection goes to the address that was judged: what
the name says a moment later (DNS rebinding) changes nothing. TLS and `Host` still go by the name.
Each redirect is judged like the first address.

Only http and https, ports 80 and 443, public unicast addresses; never loopback, private networks,
link-local (cloud metadata), CGNAT, multicast, nor any of them inside IPv6 (mapped, NAT64, 6to4,
Teredo). `TERTULIA_OUTBOUND_ALLOW` names networks that may be called all the same, on any port.
No cookies, no credentials in addresses, no proxy of the environment, no HTTP/2; time, size and
decompressed size are bounded.
"""

from tertulia.core.outbound.client import Answer, Bounds, Outbound
from tertulia.core.outbound.errors import NotAllowed, OutboundError, TooMuch, Unreachable
from tertulia.core.outbound.places import Places, resolve

__all__ = [
    "Answer",
    "Bounds",
    "NotAllowed",
    "Outbound",
    "OutboundError",
    "Places",
    "TooMuch",
    "Unreachable",
    "resolve",
]
