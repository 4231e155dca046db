# The one image in which services and the fault proxy run. labs/labkit/substrates/image.py builds it: its context has
# the lock, the wheels of that lock, and the packages of this book. Nothing is fetched while it is built.
#
# The base is pinned by its exact version. Whoever can reach a registry may pin the digest too: docker pull shows it.
FROM python:3.13.15-slim-trixie AS packages
LABEL microservices-by-experiment.image="service-packages"
COPY service.txt /service.txt
COPY wheels /wheels
RUN ["python", "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check", "--root-user-action=ignore", \
     "--no-index", "--find-links=/wheels", "--no-deps", "--require-hashes", "--no-compile", "--target=/packages", \
     "--requirement=/service.txt"]
# A container's root is read-only, so what is not compiled here would be compiled anew at every start.
RUN ["python", "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash", "/packages"]

FROM python:3.13.15-slim-trixie
LABEL microservices-by-experiment.image="service"
COPY --from=packages /packages /opt/packages
COPY book /opt/book
RUN ["python", "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash", "/opt/book"]
ENV PYTHONPATH=/opt/book:/opt/packages \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/book
USER 65534:65534
ENTRYPOINT ["python", "-m"]
