"""All systems by name: one line here for each file."""

from __future__ import annotations

from labkit.systems.alertmanager import Alertmanager
from labkit.systems.consul import Consul
from labkit.systems.envoy import Envoy
from labkit.systems.etcd import Etcd
from labkit.systems.eureka import Eureka
from labkit.systems.haproxy import Haproxy
from labkit.systems.hazelcast import Hazelcast
from labkit.systems.ignite import Ignite
from labkit.systems.kafka import Kafka
from labkit.systems.keepalived import Keepalived
from labkit.systems.mariadb import Mariadb
from labkit.systems.nats import Nats
from labkit.systems.nginx import Nginx
from labkit.systems.postgresql import Postgresql
from labkit.systems.prometheus import Prometheus
from labkit.systems.rabbitmq import Rabbitmq
from labkit.systems.redis import Redis
from labkit.systems.redis_cluster import RedisCluster
from labkit.systems.redis_sentinel import RedisSentinel
from labkit.systems.system import System
from labkit.systems.traefik import Traefik
from labkit.systems.zookeeper import Zookeeper

__all__ = ["SYSTEMS"]

SYSTEMS: dict[str, type[System]] = {kind.name: kind for kind in (
    Redis,
    RedisSentinel,
    RedisCluster,
    Hazelcast,
    Ignite,
    Postgresql,
    Mariadb,
    Nginx,
    Haproxy,
    Keepalived,
    Traefik,
    Envoy,
    Etcd,
    Zookeeper,
    Consul,
    Eureka,
    Rabbitmq,
    Kafka,
    Nats,
    Hazelcast,
    Ignite,
    Prometheus,
    Alertmanager,
)}
