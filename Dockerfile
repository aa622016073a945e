# One file for every service, a target each: `docker build --target chat .`
#
# Two stages, so that what builds (Bun, the sources, 300 MB of packages) is not what runs: one binary on a base that has the C
# library and certificates but no shell, no package manager and no user but `nonroot`.
ARG BUN=1.4.5

FROM oven/bun:${BUN} AS packages
WORKDIR /parley
# The lockfile and the manifests alone: this layer is built again when they change, not with every edit of the sources.
COPY package.json bun.lock bunfig.toml ./
COPY patches/ patches/
COPY kit/package.json kit/
COPY testing/package.json testing/
COPY client/package.json client/
COPY chat/package.json chat/
COPY presence/package.json presence/
COPY notification/package.json notification/
COPY file/package.json file/
COPY web/package.json web/
# The cache is a mount: it speeds up the next build and never gets into a layer (what pip's --no-cache-dir is for).
RUN --mount=type=cache,target=/root/.bun/install/cache \
    bun install --frozen-lockfile --production --ignore-scripts

FROM packages AS sources
COPY . .
# Bytecode spares the parsing at start. The embedded Postgres is left out: a container has a server.
ENV COMPILE="bun build --compile --minify --bytecode --format=esm --sourcemap=none --external=*.embedded.ts --outfile=/out/parley"

FROM sources AS chat-binary
RUN $COMPILE chat/main.ts
FROM sources AS presence-binary
RUN $COMPILE presence/main.ts
FROM sources AS notification-binary
RUN $COMPILE notification/main.ts
FROM sources AS file-binary
RUN $COMPILE file/main.ts
FROM sources AS web-binary
RUN bun web/build-assets.ts /out/assets && $COMPILE web/main.ts

FROM gcr.io/distroless/cc-debian13:nonroot AS service
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Parley" \
      org.opencontainers.image.description="A real-time chat suite: every message exactly once, in order, to everyone" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Files belong to root and are only read: nothing that runs here may change them, so no permission needs loosening for `nonroot`.
USER 65532:65532
WORKDIR /
ENV HOST=0.0.0.0 NODE_ENV=production
ENTRYPOINT ["/parley"]
HEALTHCHECK --interval=3s --timeout=3s --start-period=30s --retries=3 CMD ["/parley", "healthcheck"]

FROM service AS chat
ENV PORT=8020
EXPOSE 8020
COPY --from=chat-binary /out/parley /parley

FROM service AS presence
ENV PORT=8021
EXPOSE 8021
COPY --from=presence-binary /out/parley /parley

FROM service AS notification
ENV PORT=8022
EXPOSE 8022
COPY --from=notification-binary /out/parley /parley

FROM service AS file
ENV PORT=8023
EXPOSE 8023
COPY --from=file-binary /out/parley /parley

FROM service AS web
ENV PORT=8024 ASSETS_DIR=/assets
EXPOSE 8024
COPY --from=web-binary /out/assets /assets
COPY --from=web-binary /out/parley /parley

# MinIO at a release that is published as source only: `docker build --target minio -t parley/minio .`, then MINIO_IMAGE=parley/minio.
FROM golang:1.26 AS minio-binary
ARG MINIO=v0.0.0-20260212201848-7aac2a2c5b7c
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go install -trimpath -ldflags='-s -w' github.com/minio/minio@${MINIO}

# Not a distroless base: the health check in compose.yml is bash.
FROM debian:13-slim AS minio
COPY --from=minio-binary /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=minio-binary /go/bin/minio /usr/bin/
EXPOSE 9000 9001
ENTRYPOINT ["/usr/bin/minio"]
