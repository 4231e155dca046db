"""A service that keeps words in a Redis with several members, which it finds as clients do in the lab's network."""

from __future__ import annotations

import os

from fastapi import FastAPI, Response
from redis import Redis
from redis.cluster import RedisCluster
from redis.sentinel import Sentinel

app = FastAPI()


@app.get("/health")
def health() -> Response:
    return Response("ok")


@app.get("/by-sentinel/{name}/{key}")
def by_sentinel(name: str, key: str) -> str | None:
    """The word under ``key``, from the primary ``name`` that a Sentinel names."""
    url = Redis.from_url(os.environ["REDIS_SENTINEL_URL"]).get_connection_kwargs()
    sentinel = Sentinel([(url["host"], url["port"])], decode_responses=True)
    value: str | None = sentinel.master_for(name).get(key)
    return value


@app.get("/by-cluster/{key}")
def by_cluster(key: str) -> str | None:
    """The word under ``key``, from the member that has its slot."""
    value: str | None = RedisCluster.from_url(os.environ["REDIS_CLUSTER_URL"], decode_responses=True).get(key)
    return value
