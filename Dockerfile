# Baton's API, worker and set-up job: one image, three commands (see docker-compose.yml).
FROM node:24-bookworm AS build
WORKDIR /opt/baton
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM golang:1.26-bookworm AS tools
RUN CGO_ENABLED=0 go install github.com/zricethezav/gitleaks/v8@v8.30.0
RUN CGO_ENABLED=0 go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap git ca-certificates util-linux \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/baton /opt/baton
# Secrets are looked for by secretlint, which comes with Baton, and by this.
COPY --from=tools /go/bin/gitleaks /usr/local/bin/gitleaks
# Known weaknesses of dependencies.
COPY --from=tools /go/bin/osv-scanner /usr/local/bin/osv-scanner
# The first user of a volume decides who owns it: the one that the processes run as.
RUN mkdir /data && chown node:node /data
USER node
ENV BATON_DATA_DIR=/data BATON_HOST=0.0.0.0 BATON_PORT=8080 NODE_ENV=production
VOLUME /data
EXPOSE 8080
WORKDIR /opt/baton
CMD ["node", "dist/src/api/main.js"]
