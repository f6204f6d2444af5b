# The operator as an image: a Node, one bundle, and the licences of what is in it. Needs BuildKit.
#
#   BASE     what it runs on; brings `node` in /usr/local/bin, /usr/bin or /nodejs/bin, and certificates
#   BUNDLE   `built` from the sources within the build; `local` takes dist/ as `make build` has left it
#   VERSION, REVISION, SOURCE   for the labels; registries link the image to the repository by SOURCE
ARG BASE=node:26-bookworm-slim
ARG BUILDER=node:26-bookworm-slim
ARG BUNDLE=built

# The bundle is the same for every platform, so it is made on the builder's own.
FROM --platform=${BUILDPLATFORM} ${BUILDER} AS built
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --no-progress
COPY tools ./tools
COPY src ./src
RUN node tools/build.ts /app

FROM scratch AS local
COPY dist/ /app/

FROM ${BUNDLE} AS bundle

FROM ${BASE}
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="ecs-operator" \
      org.opencontainers.image.description="A Kubernetes operator that manages Amazon ECS" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=bundle /app/ecs-operator.mjs /app/licences.txt /app/
COPY LICENSE NOTICE /app/
# glibc's malloc makes an arena for each thread, and Node's few threads fill none of theirs; and from 32 KiB on, what is
# freed goes back to the system, as the parser leaves holes of that size where nothing fits (docs/adr/0014, 0016).
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=32768 \
    PATH=/usr/local/bin:/usr/bin:/bin:/nodejs/bin
USER 65532:65532
WORKDIR /app
EXPOSE 8080 8081
# Some bases state another one, such as a shell that looks at its arguments.
ENTRYPOINT ["node", "/app/ecs-operator.mjs"]
CMD []
