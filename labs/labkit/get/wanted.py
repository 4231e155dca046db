"""What the words after ``labkit get`` mean: systems, or the set of a chapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labkit.check.names import unknown
from labkit.fetch.catalogue import SOURCES
from labkit.language import Text
from labkit.systems.catalogue import SYSTEMS

__all__ = ["GROUPS", "KNOWN", "systems_named"]

GROUPS: Mapping[str, Sequence[str]] = {
    "cache": ("redis", "nginx", "hazelcast", "ignite"),
    "gateway": ("nginx", "traefik", "envoy"),
    "balancing": ("nginx", "haproxy", "traefik", "envoy", "keepalived"),
    "discovery": ("etcd", "zookeeper", "consul", "eureka", "keepalived"),
    "bus": ("redis", "rabbitmq", "kafka", "nats"),
    "locks": ("redis", "zookeeper", "etcd"),
    "database": ("postgresql", "mariadb"),
    "observe": ("prometheus", "alertmanager"),
}
"""A chapter's systems by one word, as the book's claims have them."""


KNOWN = list(dict.fromkeys([*SYSTEMS, *SOURCES]))
"""Every system that can be brought."""


def systems_named(words: Sequence[str]) -> list[str]:
    """The systems, each once; :class:`~labkit.check.names.UnknownNameError` names the nearest of what is known."""
    names: dict[str, None] = {}
    for word in words:
        if word not in KNOWN and word not in GROUPS:
            raise unknown(Text("system", "系統"), word, [*KNOWN, *GROUPS])
        names.update(dict.fromkeys(name for name in GROUPS.get(word, (word,)) if name in KNOWN))
    return list(names)
