# syntax=docker/dockerfile:1
# The operator as an image: one bundle and a Node. `make build` makes the bundle first.
ARG BASE=node:26-bookworm-slim
FROM ${BASE}

LABEL org.opencontainers.image.title="ecs-operator" \
      org.opencontainers.image.description="A Kubernetes operator that manages Amazon ECS" \
      org.opencontainers.image.licenses="Apache-2.0"

COPY dist/ecs-operator.mjs dist/licences.txt LICENSE NOTICE /app/
USER 65532:65532
WORKDIR /app
ENV NODE_ENV=production
EXPOSE 8080 8081
ENTRYPOINT ["node", "/app/ecs-operator.mjs"]
