# One image for every role; ROLES says which. Pin the base by digest where you build releases:
#   docker build --build-arg NODE_IMAGE=docker.io/library/node:24-bookworm-slim@sha256:… .
# glibc on purpose: the event store's next client has no native module for musl on arm64.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# With the optional packages, since the bundler's program is one.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json nest-cli.json ./
COPY scripts/bundle-service.mjs ./scripts/
COPY src ./src
# Maps are for people who read stack traces; the stage below gives them to whoever keeps them.
RUN npm run build \
  && mkdir /maps \
  && (cd dist && find . -name '*.map' -exec cp --parents {} /maps/ \; -delete)

# docker build --target maps --output maps .
FROM scratch AS maps
COPY --from=build /maps /

FROM ${NODE_IMAGE} AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY deploy/prune-modules.sh /
# With the optional packages, since some hold a library's own binary; then without what only laptops and compilers read.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && sh /prune-modules.sh node_modules

FROM ${NODE_IMAGE}
ARG VERSION=0.0.0-unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="constancia" \
  org.opencontainers.image.description="Verifies claimed payments with the merchant's bank and says so once, provably." \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
  HTTP_HOST=0.0.0.0 \
  HTTP_PORT=8000
WORKDIR /app
# Owned by root: the process can read its program and change none of it.
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE deploy/healthcheck.mjs ./
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
# Readiness, not life: whoever waits for a release wants to know when it may take traffic.
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s --retries=3 CMD ["node", "healthcheck.mjs"]
CMD ["node", "--max-semi-space-size=32", "dist/service/main.js"]
