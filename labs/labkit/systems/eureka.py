"""Eureka: a registry whose peers each answer with what they know, agreed or not. The book's available service discovery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.jvm import java
from labkit.systems.system import System, page

if TYPE_CHECKING:
    import httpx

__all__ = ["Eureka"]

_VERSION = "5.0.2"
_SPRING, _CLOUD = "org.springframework.boot", "org.springframework.cloud"
_PARTS = (
    *(f"{_SPRING}.{name}AutoConfiguration" for name in (
        "autoconfigure.context.PropertyPlaceholder", "autoconfigure.context.ConfigurationProperties",
        "autoconfigure.context.Lifecycle", "autoconfigure.ssl.Ssl", "autoconfigure.availability.ApplicationAvailability",
        "jackson.autoconfigure.Jackson", "http.converter.autoconfigure.HttpMessageConverters",
        "tomcat.autoconfigure.servlet.TomcatServletWebServer", "webmvc.autoconfigure.DispatcherServlet",
        "webmvc.autoconfigure.error.ErrorMvc", "webmvc.autoconfigure.WebMvc", "freemarker.autoconfigure.FreeMarker")),
    *(f"{_CLOUD}.{name}" for name in (
        "client.CommonsClientAutoConfiguration", "commons.util.UtilAutoConfiguration", "autoconfigure.RefreshAutoConfiguration",
        "netflix.eureka.server.EurekaServerMarkerConfiguration", "netflix.eureka.server.EurekaServerAutoConfiguration",
        "netflix.eureka.server.EurekaServerJerseyClientAutoConfiguration",
        "netflix.eureka.config.DiscoveryClientOptionalArgsConfiguration", "netflix.eureka.EurekaClientAutoConfiguration")))
"""What ``@EnableAutoConfiguration`` and ``@EnableEurekaServer`` would find, by name, so that no class of ours is compiled."""
_PROPERTIES = """\
spring.main.sources={parts}
spring.main.banner-mode=off
spring.application.name=eureka
logging.level.root=WARN
server.address={place.host}
server.port={place.port}
server.tomcat.basedir={place.folder}
eureka.instance.hostname={place.me.name}
eureka.client.service-url.defaultZone={peers}
eureka.client.register-with-eureka=false
eureka.client.fetch-registry={several}
eureka.server.registry-sync-retries=1
eureka.server.use-read-only-response-cache=false
eureka.server.enable-self-preservation={preserving}
eureka.server.eviction-interval-timer-in-ms={eviction}
"""


@dataclass(frozen=True)
class Eureka(System):
    """``instances`` of it are peers: each passes on what it is told, and one that starts asks another for all that it knows.

    ``eviction`` is how often, in seconds, it looks for leases that have run out (Eureka's own default: 60). While far fewer
    instances renew than it expects, one with ``self_preservation`` (Eureka's own default) takes the network for the cause,
    and lets no lease run out. It answers from the registry itself, not from a copy that is up to 30 s old.
    """

    eviction: float = 1.0
    self_preservation: bool = False

    name: ClassVar[str] = "eureka"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("service discovery that prefers an answer to agreement", "服務發現：可用性優先於一致性")
    breaks: ClassVar[Text] = Text("a peer: the other answers with what both knew; a silent instance: its lease runs out",
                                  "一個對等節點：另一個仍以兩者所知回應；不再續約的實例：租約到期後移除")
    licence: ClassVar[str] = "Apache-2.0"
    maintained: ClassVar[Text] = Text("in maintenance: Netflix gave up its rewrite in 2018; Spring Cloud still releases the server",
                                      "維護模式：Netflix 已於 2018 年放棄重寫；Spring Cloud 仍持續發布伺服器")
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 90.0

    def program(self, callees: Mapping[str, str]) -> Program:
        """Nobody publishes an image of it: it is a Java's, with the jars that ``labkit get`` has fetched."""
        return Program("Eureka", "eclipse-temurin:17.0.17_10-jre", "java", 8761,
                       version=("-version",), oldest=(17,),
                       command=_command, files=lambda place: {"application.properties": self._properties(place)},
                       home="/opt/eureka", brings_home=True)

    def _properties(self, place: Place) -> str:
        """It tells itself from its peers by the host of their addresses, which is one for all where they are processes."""
        hosts = {one.name: one.host for one in place.members} | {place.me.name: place.me.name}
        peers = ",".join(f"http://{hosts[one.name]}:{one.port}/eureka/" for one in place.members)
        return _PROPERTIES.format(parts=",".join(_PARTS), place=place, peers=peers, several=_word(len(place.members) > 1),
                                  preserving=_word(self.self_preservation), eviction=max(1, round(self.eviction * 1000)))

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it tells which services it knows, be there none."""
        return "applications" in page(host, port, "/eureka/apps", seconds)

    def version(self, host: str, port: int) -> str:
        """The one that is pinned, of Spring Cloud Netflix: it does not tell, and of the jars there is no other."""
        return _VERSION if self.ready(host, port, 2.0) else ""

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> httpx.Client:
        """httpx on its REST interface, in JSON: ``client.get("/apps/STOCK")``, ``client.put("/apps/STOCK/INSTANCE")``."""
        import httpx

        return httpx.Client(base_url=f"http://{host}:{port}/eureka", headers={"Accept": "application/json"}, timeout=5.0)


def _command(place: Place) -> Sequence[str]:
    """A peer that comes back in a container may have another address, so names are looked up anew."""
    return java(place, "org.springframework.boot.SpringApplication", f"--spring.config.location=file:{place.config}/", heap=96,
                options=["-Dsun.net.inetaddr.ttl=1", "-Dsun.net.inetaddr.negative.ttl=0"])


def _word(holds: bool) -> str:
    return "true" if holds else "false"
