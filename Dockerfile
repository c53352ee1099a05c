# One image with every role and the operators' command line; the command says which one runs.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev librabbitmq-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The packages first, so that a change of our sources alone does not fetch them anew.
COPY Package.swift ./
RUN swift package resolve
COPY Sources ./Sources
COPY Tests ./Tests
RUN for product in APIGateway ClaimWorker ExpiryWorker SettlementWorker WebhookWorker paylinks; do \
        swift build -c release --static-swift-stdlib --product "$product" || exit 1; done
RUN mkdir /products \
    && cd "$(swift build -c release --show-bin-path)" \
    && cp APIGateway ClaimWorker ExpiryWorker SettlementWorker WebhookWorker paylinks /products/

FROM debian:bookworm-slim
# curl asks for a role's health.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libpq5 librabbitmq4 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin paylinks
COPY --from=build /products/ /usr/local/bin/
USER 10001:10001
WORKDIR /
# Roles drain on SIGTERM.
STOPSIGNAL SIGTERM
CMD ["paylinks", "--help"]
