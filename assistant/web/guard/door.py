"""The door of a server: which names it answers to, which pages may call it, and whether it asks for a key."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from assistant.errors import ConfigurationError
from assistant.keys import KeyStore
from assistant.settings import Settings
from assistant.web.guard.rate import Rate

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Door:
    """What the checks know. The default is that of a server only this machine reaches.

    Args:
        keys: where keys are looked up; None where none is asked for.
        always: a key is also needed on loopback; without it only by what a proxy passed on.
        hosts: names that may stand in the Host header, besides those of loopback.
        addresses: any numeric address may stand there as well: a page that lures a browser here needs a name of its own.
        origins: pages of other servers that may call this one.
        rate: of requests that carry a key, by key and by address.
    """

    keys: KeyStore | None = None
    always: bool = False
    hosts: frozenset[str] = frozenset()
    addresses: bool = False
    origins: frozenset[str] = frozenset()
    rate: Rate = field(default_factory=lambda: Rate(0))

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names this server."""
        name = host_name(host)
        return name is not None and (name in _LOOPBACK or name in self.hosts or (self.addresses and _is_address(name)))

    def is_own(self, origin: str, host: str) -> bool:
        """Whether a page of this server calls, or one that may."""
        return origin.lower() in self.origins or urlsplit(origin).netloc.lower() == host.lower() != ""


def door_of(settings: Settings, host: str) -> Door:
    """The door of a server that listens on `host`.

    Raises:
        ConfigurationError: others can reach it and there is no key, or the file of keys is unusable.
    """
    store, loopback = KeyStore(settings.keys), _is_loopback(host)
    if (not loopback or settings.require_keys) and not store.all():
        where = f"{host} can be reached from other machines" if not loopback else "LOTSE_REQUIRE_KEYS is set"
        raise ConfigurationError(f"{where} and there is no key.", "Make one first: lotse keys create NAME --scope ask.")
    return Door(
        keys=store,
        always=not loopback or settings.require_keys,
        hosts=frozenset({*settings.hosts, *([] if loopback else [host.lower()])}),
        addresses=not loopback,
        origins=frozenset(settings.origins),
        rate=Rate(settings.rate),
    )


def host_name(host: str) -> str | None:
    """The name in a Host header, lower case, without its port; None where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
        name = parts.hostname
    except ValueError:
        return None
    return name.rstrip(".") if name and parts.netloc == host and "@" not in host else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
