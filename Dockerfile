# The service as its own user, with the five seed articles and one volume for the index.
#
#   docker build -t ritaglio .
#   docker run -p 127.0.0.1:8000:8000 -v ritaglio:/var/lib/ritaglio ritaglio

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/ritaglio
WORKDIR /build
# The dependencies in a layer of their own: it changes with the lock only.
COPY requirements.lock requirements-compiler.lock ./
RUN /opt/ritaglio/bin/pip install -qq --require-hashes -r requirements.lock \
    && python -m pip install -qq --require-hashes --target /opt/compiler -r requirements-compiler.lock
COPY pyproject.toml setup.py README.md LICENSE ./
COPY indexer indexer
COPY service service
# What installs is of no use to what serves.
RUN PYTHONPATH=/opt/compiler /opt/ritaglio/bin/pip install -qq --no-deps --no-build-isolation . \
    && /opt/ritaglio/bin/pip uninstall -qq -y setuptools pip

FROM python:3.13-slim
COPY --from=build /opt/ritaglio /opt/ritaglio
COPY docker-entrypoint.sh /usr/local/bin/
COPY seeds /usr/share/ritaglio/seeds
RUN groupadd --gid 10001 ritaglio \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/ritaglio ritaglio \
    && install -d -o ritaglio -g ritaglio /var/lib/ritaglio

ENV PATH=/opt/ritaglio/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RITAGLIO_INDEX=whoosh:///var/lib/ritaglio/index \
    RITAGLIO_HOST=0.0.0.0 \
    RITAGLIO_PORT=8000

# By number, so that an orchestrator can tell that it is not root.
USER 10001:10001
WORKDIR /var/lib/ritaglio
VOLUME /var/lib/ritaglio
EXPOSE 8000
STOPSIGNAL SIGTERM
# http.client knows no proxies, which engines may set for every container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('RITAGLIO_PORT', '').strip() or 8000), timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["ritaglio-service"]
