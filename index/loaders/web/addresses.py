"""Which addresses on a network are of the public Internet."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

# Those that lead to another address, which may be of this network, and those kept for other uses:
# not all versions of Python know them.
_NOT_PUBLIC = tuple(
    map(
        IPv4Network,
        ["0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"],
    )
)
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        [
            "::/96",  # an IPv4 address in old form
            "::ffff:0:0/96",  # and in today's
            "64:ff9b::/96",  # behind a translator
            "64:ff9b:1::/48",
            "2001::/23",  # Teredo and others
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
        ],
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")  # what is handed out


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host as this machine finds them, the best first.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public Internet, and leads to no other."""
    try:
        own = ip_address(address)
    except ValueError:
        return False
    if not own.is_global or own.is_multicast or own.is_reserved:
        return False
    if isinstance(own, IPv6Address):
        return own in _GLOBAL_6 and not any(own in network for network in _NOT_PUBLIC_6)
    return not any(own in network for network in _NOT_PUBLIC)
