# Inkscope's server: one process, no shell needed, nobody's user, works on a read-only root.
#   make image && docker run --rm -p 8000:8000 --read-only --cap-drop ALL inkscope

# `make image` names it with the digest in requirements/image.txt: the same base on every machine.
ARG BASE=python:3.13-slim

FROM ${BASE} AS page
WORKDIR /build
COPY requirements/build.txt package.json package-lock.json vite.config.js ./
# npm trusts the certificates that the system trusts.
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r build.txt \
 && NODE_OPTIONS=--use-openssl-ca npm ci --omit=dev --no-audit --no-fund
COPY static static
RUN node node_modules/vite/bin/vite.js build

FROM ${BASE} AS build
WORKDIR /build
COPY requirements/serve.txt .
# The environment gets no pip of its own: nothing is installed at run time.
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes -r serve.txt \
 && find /opt/venv -type d -name tests -prune -exec rm -rf {} +
# What .dockerignore lets through is what serving needs.
COPY . /srv/inkscope
RUN cd /srv/inkscope && rm -rf requirements Dockerfile package*.json vite.config.js static \
 && /opt/venv/bin/python -m compileall -q /srv/inkscope

FROM ${BASE}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    INKSCOPE_HOST=0.0.0.0 \
    PORT=8000
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/inkscope /srv/inkscope
COPY --from=page /build/static/dist /srv/inkscope/static/dist
WORKDIR /srv/inkscope
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["python", "-m", "app.healthcheck"]
CMD ["python", "-m", "app"]
# Last: a new revision changes no layer. https://github.com/opencontainers/image-spec/blob/main/annotations.md
ARG VERSION
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="Inkscope" \
      org.opencontainers.image.description="Draw a digit and watch a neural network recognise it." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
