"""Apache Ignite: a data grid like Hazelcast, with partitions and backups chosen for each cache."""

from __future__ import annotations

import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.jvm import java
from labkit.systems.system import System, asked

if TYPE_CHECKING:
    from pyignite import Client

__all__ = ["Ignite"]

_VERSION = "2.17.0"
_HELLO = struct.pack("<iBhhhB", 8, 1, 1, 2, 0, 2)  # a thin client that speaks the protocol's version 1.2.0
_NO_CLIENT = Text("Ignite's client is not in this environment, for not every Python has it ready-made. This gets it: "
                  "{python} -m pip install pyignite",
                  "這個環境沒有 Ignite 的客戶端，因為不是每個 Python 都有現成的套件。取得方法：{python} -m pip install pyignite")
_XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd">
 <bean class="org.apache.ignite.configuration.IgniteConfiguration">
  <property name="localHost" value="{me.host}"/>
  <property name="consistentId" value="{me.name}"/>
  <property name="workDirectory" value="{place.folder}/ignite"/>
  <property name="failureDetectionTimeout" value="3000"/>
  <property name="metricsLogFrequency" value="0"/>
  <property name="connectorConfiguration"><null/></property>
  <property name="clientConnectorConfiguration"><bean class="org.apache.ignite.configuration.ClientConnectorConfiguration">
   <property name="port" value="{me.port}"/><property name="portRange" value="0"/>
  </bean></property>
  <property name="communicationSpi"><bean class="org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi">
   <property name="localPort" value="{me.ports[communication]}"/><property name="localPortRange" value="0"/>
  </bean></property>
  <property name="discoverySpi"><bean class="org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi">
   <property name="localPort" value="{me.ports[discovery]}"/><property name="localPortRange" value="0"/>
   <property name="ipFinder"><bean class="org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder">
    <property name="addresses"><list>{addresses}</list></property>
   </bean></property>
  </bean></property>
  <property name="dataStorageConfiguration"><bean class="org.apache.ignite.configuration.DataStorageConfiguration">
   <property name="defaultDataRegionConfiguration"><bean class="org.apache.ignite.configuration.DataRegionConfiguration">
    <property name="initialSize" value="{memory}"/><property name="maxSize" value="{memory}"/>
   </bean></property>
  </bean></property>
 </bean>
</beans>
"""
_OPEN = {  # what its own start script opens to it
    "java.base": "jdk.internal.access jdk.internal.misc sun.nio.ch sun.util.calendar sun.reflect.generics.reflectiveObjects "
                 "java.io java.nio java.net java.util java.util.concurrent java.util.concurrent.locks java.time java.text "
                 "java.util.concurrent.atomic java.lang java.lang.invoke java.lang.reflect java.math",
    "java.management": "com.sun.jmx.mbeanserver sun.management", "jdk.internal.jvmstat": "sun.jvmstat.monitor",
    "jdk.management": "com.sun.management.internal", "java.sql": "java.sql"}


@dataclass(frozen=True)
class Ignite(System):
    """``instances`` of it are one cluster, in memory alone: each has ``memory`` MiB for entries, and ends when that is full.

    A small cache takes some 10 of them already, for its 1024 partitions. How many backups an entry has is said when its
    cache is made (``PROP_BACKUPS_NUMBER``; 0 if it is not said).
    """

    memory: int = 128

    name: ClassVar[str] = "ignite"
    scheme: ClassVar[str] = "ignite"
    purpose: ClassVar[Text] = Text("data grid: distributed caches", "數據網格：分佈式緩存")
    breaks: ClassVar[Text] = Text("a node: caches with backups lose nothing, the others its part",
                                  "一個節點：有備份的緩存不會遺失數據，其他緩存會失去它的那一份")
    licence: ClassVar[str] = "Apache-2.0"
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 90.0

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Ignite", f"apacheignite/ignite:{_VERSION}", "java", 10800,
                       version=("-version",), oldest=(17,), brew="ignite",
                       command=_command, files=lambda place: {"ignite.xml": self._configuration(place)},
                       home="/opt/ignite/apache-ignite/libs", ports={"discovery": 47500, "communication": 47100})

    def _configuration(self, place: Place) -> str:
        addresses = "".join(f"<value>{one.at('discovery')}</value>" for one in place.members)
        return _XML.format(place=place, me=place.me, addresses=addresses, memory=self.memory << 20)

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it lets a thin client in."""
        return asked(host, port, _HELLO, b"\1\0\0\0\1", seconds)

    def version(self, host: str, port: int) -> str:
        """The one that is pinned: a node tells no client, and of the jars there is no other."""
        return _VERSION if self.ready(host, port, 2.0) else ""

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> Client:
        """pyignite's, connected to one node: where the link leads, for it does not look for the others."""
        try:
            import pyignite
        except ImportError:
            raise RuntimeError(str(_NO_CLIENT.format(python=sys.executable))) from None

        client = pyignite.Client(timeout=10.0, partition_aware=False)
        client.connect(host, port)
        return client


def _command(place: Place) -> Sequence[str]:
    opened = [f"--add-opens={module}/{package}=ALL-UNNAMED" for module, packages in _OPEN.items() for package in packages.split()]
    quiet = ["-DIGNITE_UPDATE_NOTIFIER=false", "-DIGNITE_QUIET=true", "-DIGNITE_NO_ASCII=true",
             "-DIGNITE_PERFORMANCE_SUGGESTIONS_DISABLED=true", "-Djava.net.preferIPv4Stack=true"]
    return java(place, "org.apache.ignite.startup.cmdline.CommandLineStartup", f"{place.config}/ignite.xml", heap=128,
                options=[*opened, *quiet], folders=["ignite-spring"])
