// swift-format-ignore-file
// Written by scripts/embed-openapi; edit openapi.yaml instead.

/// The text of openapi.yaml.
package enum OpenAPIText {
    package static let yaml = #"""
openapi: 3.1.0
info:
  title: Paylinks
  version: 0.2.0
  summary: Create a payment link, share it, and receive its payment once.
  description: >-
    The API uses JSON over HTTP/1.1. Money is a decimal string. Times are ISO 8601 in UTC with milliseconds. An id is a
    prefix and 26 characters that sort by time. Unknown fields and query parameters are refused by name (`UNKNOWN_FIELD`).
    Absent values are null in answers.


    Callers authenticate with `Authorization: Bearer wg_test_…` (sandbox) or `wg_live_…` (production). Payers need no key.
    Every answer has `Request-Id`, which repeats your `X-Request-Id`. The gateway passes `traceparent` (W3C) on. Every GET
    also has HEAD. Other HTTP methods get 405 with `Allow`.


    Every error has one shape, and its `code` is stable. A transient error says in `Retry-After` when to retry. A 2xx
    answer is a promise. A timeout is not a failure: the outcome is not known yet. Send the same request again, with the
    same `Idempotency-Key`.
  license:
    name: Apache-2.0
    identifier: Apache-2.0
servers:
  - url: /
    description: The system that serves this document
security:
  - bearer: []
tags:
  - name: Payment links
    description: For payees, who create links and receive payments.
  - name: Claims
    description: For payers. Public, except for payments from a wallet, which its owner must allow.
  - name: Wallets
    description: Wallets, their balances, and their history.
  - name: Organization
    description: The settings of the organization.
  - name: Keys
    description: API keys. A key never grants more than it has, and changes only keys that it covers.
  - name: Webhooks
    description: Endpoints that get events, and their deliveries. A key with a walletScope sees and manages only endpoints of its wallets.
  - name: Events
    description: The feed of events, as an alternative to webhooks.
  - name: Documentation
    description: This document.
paths:
  /v1/payment-links:
    post:
      operationId: createPaymentLink
      tags: [Payment links]
      summary: Create a link
      description: >-
        Needs the permission payments:write. The wallet must be of the key's environment and within its `walletScope`.
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/Prefer'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewPaymentLink' }
            examples:
              plain:
                value: { walletId: wal_01JQRGX5R0A1B2C3D4E5F6G7H8, amount: "150.00", currency: USD, description: Payment for data analysis services }
              restricted:
                value: { walletId: wal_01JQRGX5R0A1B2C3D4E5F6G7H8, amount: "12.50", recipientRestrictions: { emails: [payer@example.com] }, metadata: { order: A-1, items: 3, gift: false } }
      responses:
        '201':
          description: The link
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Idempotent-Replayed: { $ref: '#/components/headers/IdempotentReplayed' }
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/PaymentLink' }
          links:
            cancel:
              operationId: cancelPaymentLink
              parameters: { id: '$response.body#/id' }
            read:
              operationId: readPaymentLink
              parameters: { id: '$response.body#/id' }
            details:
              operationId: readLinkDetails
              parameters: { slug: '$response.body#/slug' }
            claim:
              operationId: claimPaymentLink
              parameters: { slug: '$response.body#/slug' }
        '202':
          description: 'Accepted, and not created in time: read the link at `Location`'
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Retry-After: { $ref: '#/components/headers/RetryAfter' }
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/ProcessingLink' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '409': { $ref: '#/components/responses/KeyInUse' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '422': { $ref: '#/components/responses/NotRepresentable' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    get:
      operationId: listPaymentLinks
      tags: [Payment links]
      summary: List links, newest first
      description: >-
        Needs the permission payments:read.
      parameters:
        - $ref: '#/components/parameters/WalletFilter'
        - $ref: '#/components/parameters/LinkStatusFilter'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
      responses:
        '200':
          description: A page of links
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/PaymentLinkPage' }
          links:
            next:
              operationId: listPaymentLinks
              parameters: { cursor: '$response.body#/cursor' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/batch:
    post:
      operationId: createPaymentLinks
      tags: [Payment links]
      summary: Create many links
      description: >-
        Needs the permission payments:write.
        Each line is a JSON object with the fields of a single request. A line can have an `idempotencyKey`;
        the header is refused. One bad line harms no other. A line holds at most 64 KiB, a batch at most 10,000 lines;
        what is beyond is answered as a 413 line, and what is beyond the caller's rate as a 429 line. The gateway works
        on up to 1,024 lines and reads no further until their answers are written, so read while you send.
      parameters:
        - $ref: '#/components/parameters/Prefer'
      requestBody:
        required: true
        content:
          application/x-ndjson:
            schema: { $ref: '#/components/schemas/NewPaymentLinkLines' }
            examples:
              plain:
                value: |
                  {"walletId":"wal_01JQRGX5R0A1B2C3D4E5F6G7H8","amount":"1.00","idempotencyKey":"a"}
                  {"walletId":"wal_01JQRGX5R0A1B2C3D4E5F6G7H8","amount":"2.00","idempotencyKey":"b"}
      responses:
        '200':
          description: >-
            A line for each line, in their order, each as soon as it and those before it are decided. The last line is a
            summary: an answer without it was cut off, and the outcome of the lines without an answer is not known.
          headers:
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/x-ndjson:
              schema: { $ref: '#/components/schemas/LinkLines' }
              x-itemSchema:
                anyOf:
                  - { $ref: '#/components/schemas/LinkLine' }
                  - { $ref: '#/components/schemas/BatchSummaryLine' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '415': { $ref: '#/components/responses/NotLines' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/{id}:
    get:
      operationId: readPaymentLink
      tags: [Payment links]
      summary: Read a link
      description: >-
        Needs the permission payments:read. A creation that was refused after it was accepted is answered with its
        refusal. `Prefer: wait=N` holds the answer until the link or its claim changes; a link that cannot change any
        more is answered at once.
      parameters:
        - $ref: '#/components/parameters/LinkId'
        - $ref: '#/components/parameters/Prefer'
      responses:
        '200':
          description: The link
          headers:
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/PaymentLink' }
          links:
            cancel:
              operationId: cancelPaymentLink
              parameters: { id: '$response.body#/id' }
            read:
              operationId: readPaymentLink
              parameters: { id: '$response.body#/id' }
            details:
              operationId: readLinkDetails
              parameters: { slug: '$response.body#/slug' }
            claim:
              operationId: claimPaymentLink
              parameters: { slug: '$response.body#/slug' }
        '202':
          description: Accepted, and still being created
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Retry-After: { $ref: '#/components/headers/RetryAfter' }
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/ProcessingLink' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoLinkOrWallet' }
        '409': { $ref: '#/components/responses/KeyReused' }
        '422': { $ref: '#/components/responses/NotRepresentable' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    patch:
      operationId: cancelPaymentLink
      tags: [Payment links]
      summary: Cancel or change a link
      description: >-
        Needs the permission payments:write. Without a body, or with `{"status":"CANCELLED"}`, it cancels the link. A link
        that is cancelled already is answered with 200 again. With `description`, `expiresAt`, or `metadata`, it changes
        these members of an ACTIVE link.
      parameters:
        - $ref: '#/components/parameters/LinkId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/LinkPatch' }
            examples:
              cancel:
                value: { status: CANCELLED }
              change:
                value: { description: Tea for two, expiresAt: "2030-04-01T00:00:00Z" }
      responses:
        '200':
          description: The link
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/PaymentLink' }
          links:
            cancel:
              operationId: cancelPaymentLink
              parameters: { id: '$response.body#/id' }
            read:
              operationId: readPaymentLink
              parameters: { id: '$response.body#/id' }
            details:
              operationId: readLinkDetails
              parameters: { slug: '$response.body#/slug' }
            claim:
              operationId: claimPaymentLink
              parameters: { slug: '$response.body#/slug' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoLink' }
        '409': { $ref: '#/components/responses/NotActive' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/{id}/release:
    post:
      operationId: releasePaymentLink
      tags: [Payment links]
      summary: Release the claim that holds a link
      description: >-
        Needs the permission payments:write. A claim by ach that its rail has not submitted becomes CANCELLED, its
        ledger entries are reversed, and the link is ACTIVE again, or EXPIRED. Without a body this releases the claim
        that holds the link; `claimId` names another claim of the link, such as an open offer. A link that no claim
        holds stays as it is: the response is 200 again.
      parameters:
        - $ref: '#/components/parameters/LinkId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Release' }
            examples:
              offer:
                value: { claimId: clm_01JQRGX5R0ZB7Y3M4N5P6Q7R8S }
      responses:
        '200':
          description: The link
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/PaymentLink' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoClaim' }
        '409': { $ref: '#/components/responses/NotReleasable' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/claim/{slug}:
    get:
      operationId: readLinkDetails
      tags: [Claims]
      summary: Read what a payer needs to know about a link
      security: [{}, { bearer: [] }]
      parameters:
        - $ref: '#/components/parameters/Slug'
      responses:
        '200':
          description: The details
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/LinkDetails' }
          links:
            claim:
              operationId: claimPaymentLink
              parameters: { slug: '$response.body#/slug' }
        '400': { $ref: '#/components/responses/Invalid' }
        '404': { $ref: '#/components/responses/NoLink' }
        '409': { $ref: '#/components/responses/LinkNotReady' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/claim/{slug}/claim:
    post:
      operationId: claimPaymentLink
      tags: [Claims]
      summary: Pay a link
      description: >-
        `destination` is the account that the payer pays from. Paying from a wallet takes a key of its organization
        with payments:write, unless the wallet allows public claims. For 15 minutes, a claim without an Idempotency-Key
        that equals the winning one in every field gets the winner's outcome, unless 8 claims of the claimed link
        differed from it. A claim by usdc is an offer: it is AWAITING_PAYMENT and leaves the link ACTIVE until its payment
        is seen. An equal claim without a key gets the open offer again. A method that no rail carries for this link is
        refused with RAIL_UNAVAILABLE.
      security: [{}, { bearer: [] }]
      parameters:
        - $ref: '#/components/parameters/Slug'
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/Prefer'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewClaim' }
            examples:
              ach:
                value: { method: ach, destination: { type: ACH, routingNumber: "021000021", accountNumber: "1234567890", accountName: Acme Corp }, recipientEmail: payer@example.com }
              usdc:
                value: { method: usdc, destination: { type: USDC, address: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", chain: ethereum } }
              wallet:
                value: { method: wallet, destination: { type: WALLET, walletId: wal_01JQRGX5R0A1B2C3D4E5F6G7H8 } }
      responses:
        '200':
          description: The claim. It takes the link, unless it is an offer
          headers:
            Idempotent-Replayed: { $ref: '#/components/headers/IdempotentReplayed' }
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Claim' }
          links:
            claim:
              operationId: readClaim
              parameters: { slug: '$response.body#/slug', claimId: '$response.body#/claimId' }
            transaction:
              operationId: readTransaction
              parameters: { id: '$response.body#/transactionId' }
        '202':
          description: 'Accepted, and not decided in time: read the claim at `Location`'
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Retry-After: { $ref: '#/components/headers/RetryAfter' }
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Claim' }
          links:
            claim:
              operationId: readClaim
              parameters: { slug: '$response.body#/slug', claimId: '$response.body#/claimId' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/ClaimUnauthorized' }
        '402': { $ref: '#/components/responses/NoFunds' }
        '403': { $ref: '#/components/responses/ClaimForbidden' }
        '404': { $ref: '#/components/responses/NoLink' }
        '409': { $ref: '#/components/responses/ClaimConflict' }
        '410': { $ref: '#/components/responses/Expired' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '422': { $ref: '#/components/responses/ClaimImpossible' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/claims/batch:
    post:
      operationId: claimPaymentLinks
      tags: [Claims]
      summary: Pay many links
      description: >-
        Each line is a JSON object with the fields of a single request and a `slug`. A line can have an `idempotencyKey`;
        the header is refused. One bad line harms no other. A line holds at most 64 KiB, a batch at most 10,000 lines;
        what is beyond is answered as a 413 line, and what is beyond the caller's rate as a 429 line. The gateway works
        on up to 1,024 lines and reads no further until their answers are written, so read while you send. A wallet
        claim needs authority on each line. A batch needs an API key, with any permissions.
      parameters:
        - $ref: '#/components/parameters/Prefer'
      requestBody:
        required: true
        content:
          application/x-ndjson:
            schema: { $ref: '#/components/schemas/NewClaimLines' }
            examples:
              plain:
                value: |
                  {"slug":"n6764px69jd1xy5awmfp","method":"wallet","destination":{"type":"WALLET","walletId":"wal_01JQRGX5R0A1B2C3D4E5F6G7H8"}}
      responses:
        '200':
          description: >-
            A line for each line, in their order, each as soon as it and those before it are decided. The last line is a
            summary: an answer without it was cut off, and the outcome of the lines without an answer is not known.
          headers:
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/x-ndjson:
              schema: { $ref: '#/components/schemas/ClaimLines' }
              x-itemSchema:
                anyOf:
                  - { $ref: '#/components/schemas/ClaimLine' }
                  - { $ref: '#/components/schemas/BatchSummaryLine' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/AddressNotAllowed' }
        '415': { $ref: '#/components/responses/NotLines' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/claim/{slug}/claims/{claimId}:
    get:
      operationId: readClaim
      tags: [Claims]
      summary: Read a claim, during and after processing
      description: >-
        A refused claim is answered with its refusal. `Prefer: wait=N` waits for the decision.
      security: [{}, { bearer: [] }]
      parameters:
        - $ref: '#/components/parameters/Slug'
        - $ref: '#/components/parameters/ClaimId'
        - $ref: '#/components/parameters/Prefer'
      responses:
        '200':
          description: The claim
          headers:
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Claim' }
        '202':
          description: Accepted, and not decided yet
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Retry-After: { $ref: '#/components/headers/RetryAfter' }
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Claim' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/ClaimUnauthorized' }
        '402': { $ref: '#/components/responses/NoFunds' }
        '403': { $ref: '#/components/responses/ClaimForbidden' }
        '404': { $ref: '#/components/responses/NoClaim' }
        '409': { $ref: '#/components/responses/ClaimConflict' }
        '410': { $ref: '#/components/responses/Expired' }
        '422': { $ref: '#/components/responses/ClaimImpossible' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/payment-links/claim/{slug}/claims/{claimId}/release:
    post:
      operationId: releaseClaim
      tags: [Claims]
      summary: Release a claim before its money moves
      description: >-
        For the payer, who sends the claim's own body again. An offer (AWAITING_PAYMENT), and a claim by ach that its
        rail has not submitted, become CANCELLED. A claim that is released already is answered with 200 again.
      security: [{}, { bearer: [] }]
      parameters:
        - $ref: '#/components/parameters/Slug'
        - $ref: '#/components/parameters/ClaimId'
        - $ref: '#/components/parameters/IdempotencyKey'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewClaim' }
      responses:
        '200':
          description: The released claim
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Claim' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/ClaimUnauthorized' }
        '403': { $ref: '#/components/responses/NotTheClaimsBody' }
        '404': { $ref: '#/components/responses/NoClaim' }
        '409': { $ref: '#/components/responses/NotReleasable' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets:
    post:
      operationId: createWallet
      tags: [Wallets]
      summary: Create a wallet
      description: >-
        Needs the permission wallets:write, and payments:write as well to set `allowPublicClaims`. A key that is held to
        certain wallets cannot make another: it could not reach it.
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewWallet' }
            examples:
              plain:
                value: { name: Research agent, agentName: Ada, currency: USD, metadata: { team: data } }
      responses:
        '201':
          description: The wallet
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Idempotent-Replayed: { $ref: '#/components/headers/IdempotentReplayed' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Wallet' }
          links:
            read:
              operationId: readWallet
              parameters: { id: '$response.body#/id' }
            balance:
              operationId: readBalance
              parameters: { id: '$response.body#/id' }
            fund:
              operationId: fundWallet
              parameters: { id: '$response.body#/id' }
            freeze:
              operationId: freezeWallet
              parameters: { id: '$response.body#/id' }
            unfreeze:
              operationId: unfreezeWallet
              parameters: { id: '$response.body#/id' }
            change:
              operationId: changeWallet
              parameters: { id: '$response.body#/id' }
            transactions:
              operationId: listWalletTransactions
              parameters: { id: '$response.body#/id' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '409': { $ref: '#/components/responses/KeyReused' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    get:
      operationId: listWallets
      tags: [Wallets]
      summary: List wallets, newest first
      description: >-
        Needs the permission wallets:read.
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
      responses:
        '200':
          description: A page of wallets
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/WalletPage' }
          links:
            next:
              operationId: listWallets
              parameters: { cursor: '$response.body#/cursor' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}:
    get:
      operationId: readWallet
      tags: [Wallets]
      summary: Read a wallet
      description: >-
        Needs the permission wallets:read.
      parameters:
        - $ref: '#/components/parameters/WalletId'
      responses:
        '200':
          description: The wallet
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Wallet' }
          links:
            read:
              operationId: readWallet
              parameters: { id: '$response.body#/id' }
            balance:
              operationId: readBalance
              parameters: { id: '$response.body#/id' }
            fund:
              operationId: fundWallet
              parameters: { id: '$response.body#/id' }
            freeze:
              operationId: freezeWallet
              parameters: { id: '$response.body#/id' }
            unfreeze:
              operationId: unfreezeWallet
              parameters: { id: '$response.body#/id' }
            change:
              operationId: changeWallet
              parameters: { id: '$response.body#/id' }
            transactions:
              operationId: listWalletTransactions
              parameters: { id: '$response.body#/id' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    patch:
      operationId: changeWallet
      tags: [Wallets]
      summary: Change a wallet
      description: >-
        Needs the permission wallets:write, and payments:write as well to set `allowPublicClaims`. A field that is absent
        stays as it is.
      parameters:
        - $ref: '#/components/parameters/WalletId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/WalletChanges' }
            examples:
              rename:
                value: { name: Research agent 2, agentName: null }
      responses:
        '200':
          description: The wallet
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Wallet' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}/balance:
    get:
      operationId: readBalance
      tags: [Wallets]
      summary: Read a wallet's balance
      description: >-
        Needs the permission wallets:read.
      parameters:
        - $ref: '#/components/parameters/WalletId'
      responses:
        '200':
          description: The balance
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Balance' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}/freeze:
    post:
      operationId: freezeWallet
      tags: [Wallets]
      summary: Freeze a wallet
      description: >-
        Needs the permission wallets:write. A frozen wallet pays nothing and is not funded; it can be read, and can
        receive.
      parameters:
        - $ref: '#/components/parameters/WalletId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '200':
          description: The wallet
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Wallet' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}/unfreeze:
    post:
      operationId: unfreezeWallet
      tags: [Wallets]
      summary: Unfreeze a wallet
      description: >-
        Needs the permission wallets:write. A frozen wallet pays nothing and is not funded; it can be read, and can
        receive.
      parameters:
        - $ref: '#/components/parameters/WalletId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '200':
          description: The wallet
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Wallet' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}/fund:
    post:
      operationId: fundWallet
      tags: [Wallets]
      summary: Fund a sandbox wallet
      description: >-
        Needs the permission wallets:write. At most 10,000.00 a call, in the sandbox only.
      parameters:
        - $ref: '#/components/parameters/WalletId'
        - $ref: '#/components/parameters/IdempotencyKey'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewFunding' }
            examples:
              plain:
                value: { amount: "100.00" }
      responses:
        '200':
          description: The funding
          headers:
            Idempotent-Replayed: { $ref: '#/components/headers/IdempotentReplayed' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Funding' }
          links:
            transaction:
              operationId: readTransaction
              parameters: { id: '$response.body#/transactionId' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/FundingForbidden' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '409': { $ref: '#/components/responses/KeyReused' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '422': { $ref: '#/components/responses/BalanceTooLarge' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/sandbox/fund:
    post:
      operationId: fundInSandbox
      tags: [Wallets]
      summary: Fund the sandbox wallet that the body names
      description: >-
        Needs the permission wallets:write. Here the amount may be a JSON number too.
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewSandboxFunding' }
            examples:
              text:
                value: { walletId: wal_01JQRGX5R0A1B2C3D4E5F6G7H8, amount: "100.00" }
              number:
                value: { walletId: wal_01JQRGX5R0A1B2C3D4E5F6G7H8, amount: 100 }
      responses:
        '200':
          description: The funding
          headers:
            Idempotent-Replayed: { $ref: '#/components/headers/IdempotentReplayed' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Funding' }
          links:
            transaction:
              operationId: readTransaction
              parameters: { id: '$response.body#/transactionId' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/FundingForbidden' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '409': { $ref: '#/components/responses/KeyReused' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '422': { $ref: '#/components/responses/BalanceTooLarge' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}/transactions:
    get:
      operationId: listWalletTransactions
      tags: [Wallets]
      summary: List the entries that changed what a wallet can spend, newest first
      description: >-
        Needs the permission wallets:read.
      parameters:
        - $ref: '#/components/parameters/WalletId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
      responses:
        '200':
          description: A page of entries
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/EntryPage' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/wallets/{id}/holds:
    get:
      operationId: listHolds
      tags: [Wallets]
      summary: List the holds of a wallet, newest first
      description: >-
        Needs the permission wallets:read.
      parameters:
        - $ref: '#/components/parameters/WalletId'
        - $ref: '#/components/parameters/HoldStatusFilter'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
      responses:
        '200':
          description: A page of holds
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/HoldPage' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoWallet' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/transactions/{id}:
    get:
      operationId: readTransaction
      tags: [Wallets]
      summary: Read a transaction with its entries
      description: >-
        Needs the permission wallets:read.
      parameters:
        - $ref: '#/components/parameters/TransactionId'
      responses:
        '200':
          description: The transaction
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Transaction' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '404': { $ref: '#/components/responses/NoTransaction' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/organization:
    get:
      operationId: readOrganization
      tags: [Organization]
      summary: Read the organization
      description: >-
        Needs the permission payments:read. Shows what the organization has chosen for the key's environment.
      responses:
        '200':
          description: The organization
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Organization' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    patch:
      operationId: changeOrganization
      tags: [Organization]
      summary: Change the organization
      description: >-
        Needs the permissions payments:write and wallets:write, and a key without `walletScope`. Changes what the
        organization has chosen for the key's environment.
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/OrganizationChanges' }
            examples:
              reopen:
                value: { reopenAfterReturn: true }
      responses:
        '200':
          description: The organization
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Organization' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/ForbiddenWallet' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/api-keys:
    post:
      operationId: createKey
      tags: [Keys]
      summary: Create a key
      description: >-
        Needs the permission keys:write. Bounds that are absent are the asking key's own. The number of keys that are
        neither revoked nor expired is bounded, 1,000 in an organization unless configured otherwise.
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewKey' }
            examples:
              plain:
                value: { name: Till, permissions: ["payments:read", "payments:write"] }
      responses:
        '201':
          description: 'The key, with its `secret`, which no later answer has'
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/NewlyMadeKey' }
          links:
            read:
              operationId: readKey
              parameters: { id: '$response.body#/id' }
            change:
              operationId: changeKey
              parameters: { id: '$response.body#/id' }
            revoke:
              operationId: revokeKey
              parameters: { id: '$response.body#/id' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    get:
      operationId: listKeys
      tags: [Keys]
      summary: List keys, newest first
      description: >-
        Needs the permission keys:read.
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
      responses:
        '200':
          description: A page of keys
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/KeyPage' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/api-keys/{id}:
    get:
      operationId: readKey
      tags: [Keys]
      summary: Read a key
      description: >-
        Needs the permission keys:read.
      parameters:
        - $ref: '#/components/parameters/KeyId'
      responses:
        '200':
          description: The key
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Key' }
          links:
            read:
              operationId: readKey
              parameters: { id: '$response.body#/id' }
            change:
              operationId: changeKey
              parameters: { id: '$response.body#/id' }
            revoke:
              operationId: revokeKey
              parameters: { id: '$response.body#/id' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/Nothing' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    patch:
      operationId: changeKey
      tags: [Keys]
      summary: Change a key
      description: >-
        Needs the permission keys:write, and a key that covers this one: at least its permissions, wallets, addresses,
        and lifetime.
      parameters:
        - $ref: '#/components/parameters/KeyId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/KeyChanges' }
            examples:
              rename:
                value: { name: Till 2 }
      responses:
        '200':
          description: The key
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Key' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/Nothing' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    delete:
      operationId: revokeKey
      tags: [Keys]
      summary: Revoke a key
      description: >-
        Needs the permission keys:write, and a key that covers this one. With `cascade`, revokes every key that this
        one created as well, and those that they created: all of them or none.
      parameters:
        - $ref: '#/components/parameters/KeyId'
        - name: cascade
          in: query
          required: false
          description: Whether to revoke every key that descends from this one
          schema: { type: boolean, default: false }
      responses:
        '204':
          description: Revoked; every gateway rejects it within seconds
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/Nothing' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks:
    post:
      operationId: createWebhook
      tags: [Webhooks]
      summary: Create an endpoint
      description: >-
        Needs the permission webhooks:write. At most 100 in an environment. An endpoint that a key with a walletScope
        registers gets the events of those wallets, and keeps this scope when the key changes.
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewWebhook' }
            examples:
              plain:
                value: { url: "https://example.com/hooks", events: [payment_link.claimed, payment_link.expired] }
      responses:
        '201':
          description: 'The endpoint, with its `secret`, which no later answer has'
          headers:
            Location: { $ref: '#/components/headers/Location' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/WebhookWithSecret' }
          links:
            read:
              operationId: readWebhook
              parameters: { id: '$response.body#/id' }
            change:
              operationId: changeWebhook
              parameters: { id: '$response.body#/id' }
            rotate:
              operationId: rotateWebhookSecret
              parameters: { id: '$response.body#/id' }
            deliveries:
              operationId: listDeliveries
              parameters: { id: '$response.body#/id' }
            replay:
              operationId: replayEvents
              parameters: { id: '$response.body#/id' }
            delete:
              operationId: deleteWebhook
              parameters: { id: '$response.body#/id' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    get:
      operationId: listWebhooks
      tags: [Webhooks]
      summary: List all endpoints
      description: >-
        Needs the permission webhooks:read. A key with a walletScope sees endpoints whose walletScope it covers.
      responses:
        '200':
          description: The endpoints, on one page
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/WebhookPage' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/{id}:
    get:
      operationId: readWebhook
      tags: [Webhooks]
      summary: Read an endpoint
      description: >-
        Needs the permission webhooks:read.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
      responses:
        '200':
          description: The endpoint
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Webhook' }
          links:
            read:
              operationId: readWebhook
              parameters: { id: '$response.body#/id' }
            change:
              operationId: changeWebhook
              parameters: { id: '$response.body#/id' }
            rotate:
              operationId: rotateWebhookSecret
              parameters: { id: '$response.body#/id' }
            deliveries:
              operationId: listDeliveries
              parameters: { id: '$response.body#/id' }
            replay:
              operationId: replayEvents
              parameters: { id: '$response.body#/id' }
            delete:
              operationId: deleteWebhook
              parameters: { id: '$response.body#/id' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    patch:
      operationId: changeWebhook
      tags: [Webhooks]
      summary: Change an endpoint
      description: >-
        Needs the permission webhooks:write.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/WebhookChanges' }
            examples:
              disable:
                value: { enabled: false }
      responses:
        '200':
          description: The endpoint
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Webhook' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
    delete:
      operationId: deleteWebhook
      tags: [Webhooks]
      summary: Delete an endpoint
      description: >-
        Needs the permission webhooks:write.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
      responses:
        '204':
          description: Deleted
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/{id}/rotate-secret:
    post:
      operationId: rotateWebhookSecret
      tags: [Webhooks]
      summary: Create a new secret
      description: >-
        Needs the permission webhooks:write. The old secret signs too for 24 hours.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '200':
          description: 'The endpoint and its new `secret`'
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/WebhookWithSecret' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/{id}/test:
    post:
      operationId: testWebhook
      tags: [Webhooks]
      summary: Send a test event and return the attempt
      description: >-
        Needs the permission webhooks:write.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '200':
          description: The attempt
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/WebhookTest' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/{id}/deliveries:
    get:
      operationId: listDeliveries
      tags: [Webhooks]
      summary: List deliveries, newest first
      description: >-
        Needs the permission webhooks:read.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
        - $ref: '#/components/parameters/DeliveryStatusFilter'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
      responses:
        '200':
          description: A page of deliveries
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/DeliveryPage' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver:
    post:
      operationId: redeliver
      tags: [Webhooks]
      summary: Send a delivery again
      description: >-
        Needs the permission webhooks:write.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
        - $ref: '#/components/parameters/DeliveryId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '202':
          description: It will be sent
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/DeliveryState' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhookOrDelivery' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/{id}/replay:
    post:
      operationId: replayEvents
      tags: [Webhooks]
      summary: Send again what happened since a time, or after an event
      description: >-
        Needs the permission webhooks:write. Sends at most 10,000 events. `nextSince` is the last event sent: send it as
        `since`, and the next call goes on after it.
      parameters:
        - $ref: '#/components/parameters/WebhookId'
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewReplay' }
            examples:
              plain:
                value: { since: "2026-04-01T00:00:00Z" }
      responses:
        '202':
          description: 'The deliveries will be sent; while `hasMore`, send `nextSince` as `since`'
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Replay' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/NoWebhook' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/dlq:
    get:
      operationId: listDeadDeliveries
      tags: [Webhooks]
      summary: List deliveries whose attempts are used up
      description: >-
        Needs the permission webhooks:read. Newest first. Entries may be retried or discarded while the list is read:
        with the cursor none is skipped. An offset and a cursor exclude each other.
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Cursor'
        - $ref: '#/components/parameters/Offset'
      responses:
        '200':
          description: A page of deliveries
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/DeadDeliveryPage' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/dlq/{deliveryId}/retry:
    post:
      operationId: retryDeadDelivery
      tags: [Webhooks]
      summary: Restart a dead delivery's attempts
      description: >-
        Needs the permission webhooks:write.
      parameters:
        - $ref: '#/components/parameters/DeliveryId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '200':
          description: 'Its status: `PENDING`'
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/DeliveryState' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/Nothing' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/webhooks/dlq/{deliveryId}/discard:
    post:
      operationId: discardDeadDelivery
      tags: [Webhooks]
      summary: Give a dead delivery up
      description: >-
        Needs the permission webhooks:write.
      parameters:
        - $ref: '#/components/parameters/DeliveryId'
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NoFields' }
      responses:
        '200':
          description: 'Its status: `FAILED`'
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/DeliveryState' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/Nothing' }
        '413': { $ref: '#/components/responses/TooLarge' }
        '415': { $ref: '#/components/responses/NotJSON' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /v1/events:
    get:
      operationId: listEvents
      tags: [Events]
      summary: Read the feed, oldest first
      description: >-
        Needs the permission webhooks:read. `Prefer: wait=N` waits for the first event after the cursor. A link's events
        come in the order of their `sequence`. A key with a walletScope gets the events of its wallets; its pages can be
        empty and have a new cursor, so go on while `hasMore`.
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/FeedCursor'
        - $ref: '#/components/parameters/Prefer'
      responses:
        '200':
          description: 'A page of events; it has a `cursor` to go on from as soon as there was an event'
          headers:
            Preference-Applied: { $ref: '#/components/headers/PreferenceApplied' }
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/EventPage' }
          links:
            next:
              operationId: listEvents
              parameters: { cursor: '$response.body#/cursor' }
        '400': { $ref: '#/components/responses/Invalid' }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /openapi.json:
    get:
      operationId: readOpenAPI
      tags: [Documentation]
      summary: This document
      security: [{}, { bearer: [] }]
      responses:
        '200':
          description: An OpenAPI document, version 3.1
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            application/json:
              schema: { type: object, required: [openapi, info, paths], additionalProperties: true }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }
  /docs:
    get:
      operationId: readDocs
      tags: [Documentation]
      summary: This document, for people
      security: [{}, { bearer: [] }]
      responses:
        '200':
          description: A page that shows the document
          headers:
            Request-Id: { $ref: '#/components/headers/RequestId' }
            RateLimit: { $ref: '#/components/headers/RateLimit' }
            RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
          content:
            text/html:
              schema: { type: string }
        '429': { $ref: '#/components/responses/TooMany' }
        '500': { $ref: '#/components/responses/Internal' }
        '503': { $ref: '#/components/responses/Unavailable' }

components:
  securitySchemes:
    bearer:
      type: http
      scheme: bearer
      description: An API key, `wg_test_…` or `wg_live_…`. It holds permissions, and may be held to wallets, addresses and a time.

  parameters:
    LinkId:
      name: id
      in: path
      required: true
      description: The link
      schema: { $ref: '#/components/schemas/LinkId' }
    WalletId:
      name: id
      in: path
      required: true
      description: The wallet
      schema: { $ref: '#/components/schemas/WalletId' }
    TransactionId:
      name: id
      in: path
      required: true
      description: The transaction
      schema: { $ref: '#/components/schemas/TransactionId' }
    KeyId:
      name: id
      in: path
      required: true
      description: The key
      schema: { $ref: '#/components/schemas/KeyId' }
    WebhookId:
      name: id
      in: path
      required: true
      description: The endpoint
      schema: { $ref: '#/components/schemas/WebhookId' }
    Slug:
      name: slug
      in: path
      required: true
      description: The unguessable part of the link's address
      schema: { $ref: '#/components/schemas/Slug' }
    ClaimId:
      name: claimId
      in: path
      required: true
      description: The claim
      schema: { $ref: '#/components/schemas/ClaimId' }
    DeliveryId:
      name: deliveryId
      in: path
      required: true
      description: The delivery
      schema: { $ref: '#/components/schemas/DeliveryId' }
    Limit:
      name: limit
      in: query
      description: How many items a page holds at most
      schema: { type: integer, minimum: 1, maximum: 100, default: 20 }
    Cursor:
      name: cursor
      in: query
      description: "Where the page starts: the `cursor` of the page before"
      schema: { $ref: '#/components/schemas/Cursor' }
    FeedCursor:
      name: cursor
      in: query
      description: "Where the page starts: the `cursor` of the page before"
      schema: { $ref: '#/components/schemas/FeedCursor' }
    Offset:
      name: offset
      in: query
      description: How many items to skip; items that leave the list meanwhile move the rest
      schema: { type: integer, minimum: 0, maximum: 10000, default: 0 }
    WalletFilter:
      name: walletId
      in: query
      description: Only links of this wallet
      schema: { $ref: '#/components/schemas/WalletId' }
    LinkStatusFilter:
      name: status
      in: query
      description: Only links in this status
      schema: { $ref: '#/components/schemas/LinkStatus' }
    HoldStatusFilter:
      name: status
      in: query
      description: Only holds in this status
      schema: { $ref: '#/components/schemas/HoldStatus' }
    DeliveryStatusFilter:
      name: status
      in: query
      description: Only deliveries in this status
      schema: { $ref: '#/components/schemas/DeliveryStatus' }
    IdempotencyKey:
      name: Idempotency-Key
      in: header
      description: >-
        Makes the request repeatable: the same key and body are answered with the first outcome, and
        `Idempotent-Replayed: true`. Kept for at least 24 hours. The body's `idempotencyKey` does the same.
      schema: { type: string, minLength: 1, maxLength: 255 }
    Prefer:
      name: Prefer
      in: header
      description: >-
        `wait=N`: wait up to N seconds (at most 30) for the outcome. `respond-async`: answer as soon as the request is
        accepted. What is not understood is ignored. (RFC 7240)
      schema: { type: string }
      example: wait=5

  headers:
    RequestId:
      description: The id under which the log speaks of the request
      required: true
      schema: { type: string, minLength: 1, maxLength: 128 }
    RateLimit:
      description: >-
        How many requests the caller has left (`r`), and 1 in `t`; where the request was refused, `t` is the seconds
        until the next one is let through.
      schema: { type: string, pattern: '^"[a-z]+";r=[0-9]+;t=[0-9]+$' }
    RateLimitPolicy:
      description: The caller's rate
      schema: { type: string, pattern: '^"[a-z]+";q=[0-9]+;w=[0-9]+$' }
    Location:
      description: Where the thing is to be read
      required: true
      schema: { type: string, pattern: '^/v1/' }
    RetryAfter:
      description: Seconds to wait before the next try
      required: true
      schema: { type: string, pattern: '^[0-9]+$' }
    IdempotentReplayed:
      description: The outcome is an earlier request's
      schema: { type: string, const: 'true' }
    PreferenceApplied:
      description: Which preference was heeded
      schema: { type: string, pattern: '^(wait=[0-9]+|respond-async)$' }
    WWWAuthenticate:
      description: How to authenticate
      required: true
      schema: { type: string, const: Bearer }

  responses:
    Invalid:
      description: "What was sent is wrong; `details.fields` names every wrong field"
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: InvalidError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [VALIDATION_ERROR, INVALID_AMOUNT, INVALID_JSON] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
          example: { error: { code: INVALID_AMOUNT, message: "amount: Send the amount as a string in quotes, such as \"150.00\".", details: { fields: [{ field: amount, code: NOT_A_STRING, message: "Send the amount as a string in quotes, such as \"150.00\"." }] } } }
    Unauthorized:
      description: No key that counts
      headers:
        WWW-Authenticate: { $ref: '#/components/headers/WWWAuthenticate' }
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: UnauthorizedError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [UNAUTHORIZED, API_KEY_REVOKED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
          example: { error: { code: UNAUTHORIZED, message: "There is no such API key; check that all of it was copied." } }
    Forbidden:
      description: The key may not do this
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ForbiddenError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PERMISSION_DENIED, ENVIRONMENT_MISMATCH, WALLET_OUT_OF_SCOPE, IP_NOT_ALLOWED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
          example: { error: { code: PERMISSION_DENIED, message: "Missing required permission: payments:write" } }
    ForbiddenWallet:
      description: The key may not do this, or not with this wallet
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ForbiddenWalletError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PERMISSION_DENIED, ENVIRONMENT_MISMATCH, WALLET_OUT_OF_SCOPE, IP_NOT_ALLOWED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    AddressNotAllowed:
      description: A key was sent that may not be used from there
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: AddressNotAllowedError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [IP_NOT_ALLOWED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    FundingForbidden:
      description: The key may not do this, or the wallet is frozen
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: FundingForbiddenError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PERMISSION_DENIED, ENVIRONMENT_MISMATCH, WALLET_OUT_OF_SCOPE, IP_NOT_ALLOWED, SANDBOX_ONLY, WALLET_FROZEN] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    ClaimUnauthorized:
      description: No authority over the wallet, or a key that does not count
      headers:
        WWW-Authenticate: { $ref: '#/components/headers/WWWAuthenticate' }
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ClaimUnauthorizedError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [UNAUTHORIZED, API_KEY_REVOKED, WALLET_AUTHORIZATION_REQUIRED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    ClaimForbidden:
      description: The payer may not pay this link, or not from there
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ClaimForbiddenError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [RECIPIENT_NOT_ALLOWED, WALLET_FROZEN, ENVIRONMENT_MISMATCH, WALLET_OUT_OF_SCOPE, IP_NOT_ALLOWED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoFunds:
      description: "The wallet does not hold enough; `details` has `walletId`, `requested` and, for those who may know it, `balance`"
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoFundsError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [INSUFFICIENT_FUNDS] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoLink:
      description: There is no such link
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoLinkError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PAYMENT_LINK_NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    LinkNotReady:
      description: The link was accepted and is not created yet
      headers:
        Retry-After: { $ref: '#/components/headers/RetryAfter' }
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: LinkNotReadyError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [LINK_NOT_READY] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoLinkOrWallet:
      description: There is no such link, or no such wallet
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoLinkOrWalletError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PAYMENT_LINK_NOT_FOUND, WALLET_NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoClaim:
      description: There is no such link, claim or wallet
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoClaimError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PAYMENT_LINK_NOT_FOUND, CLAIM_NOT_FOUND, WALLET_NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoWallet:
      description: There is no such wallet
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoWalletError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [WALLET_NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoTransaction:
      description: There is no such transaction
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoTransactionError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [TRANSACTION_NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoWebhook:
      description: There is no such endpoint
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoWebhookError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [WEBHOOK_NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NoWebhookOrDelivery:
      description: There is no such endpoint, or no such delivery
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NoWebhookOrDeliveryError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [WEBHOOK_NOT_FOUND, NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    Nothing:
      description: There is no such thing
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NothingError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [NOT_FOUND] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    KeyInUse:
      description: >-
        The `Idempotency-Key` came with another request before, or the first request with it is still worked on.
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: KeyInUseError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [IDEMPOTENCY_KEY_REUSE, IDEMPOTENCY_IN_PROGRESS] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    KeyReused:
      description: "The `Idempotency-Key` came with another request before"
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: KeyReusedError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [IDEMPOTENCY_KEY_REUSE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NotActive:
      description: The link is claimed or expired, or not made yet
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NotActiveError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [LINK_NOT_ACTIVE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NotReleasable:
      description: The rail has acted on the claim, or the claim is over; `details` has its `status`
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NotReleasableError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [CLAIM_NOT_RELEASABLE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NotTheClaimsBody:
      description: The body is not the claim's own, or the key may not be used from there
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NotTheClaimsBodyError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PERMISSION_DENIED, IP_NOT_ALLOWED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    ClaimConflict:
      description: >-
        The link is taken, or not created yet, or the `Idempotency-Key` came with another request before, or the first request with it is
        still worked on.
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ClaimConflictError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [LINK_ALREADY_CLAIMED, LINK_CANCELLED, LINK_NOT_READY, IDEMPOTENCY_KEY_REUSE, IDEMPOTENCY_IN_PROGRESS] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    Expired:
      description: The link has expired
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ExpiredError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [LINK_EXPIRED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    ClaimImpossible:
      description: This link cannot be paid this way
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: ClaimImpossibleError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [SELF_CLAIM, AMOUNT_NOT_REPRESENTABLE, AMOUNT_EXCEEDS_RAIL_LIMIT, RAIL_UNAVAILABLE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NotRepresentable:
      description: The amount has more decimals than the wallet's currency
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NotRepresentableError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [AMOUNT_NOT_REPRESENTABLE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    BalanceTooLarge:
      description: The wallet cannot hold so much
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: BalanceTooLargeError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [AMOUNT_EXCEEDS_RAIL_LIMIT] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    TooLarge:
      description: The body has more than 64 KiB
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: TooLargeError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [PAYLOAD_TOO_LARGE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NotJSON:
      description: The body is said to be something else than JSON
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NotJSONError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [UNSUPPORTED_MEDIA_TYPE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    NotLines:
      description: The body is not said to be lines of JSON
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: NotLinesError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [UNSUPPORTED_MEDIA_TYPE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    TooMany:
      description: More requests than the caller's rate
      headers:
        Retry-After: { $ref: '#/components/headers/RetryAfter' }
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: TooManyError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [RATE_LIMIT_EXCEEDED] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    Internal:
      description: "A fault of ours; the log knows more, under the `Request-Id`"
      headers:
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: InternalError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [INTERNAL_ERROR] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }
    Unavailable:
      description: "Nothing was promised; try again in a moment"
      headers:
        Retry-After: { $ref: '#/components/headers/RetryAfter' }
        Request-Id: { $ref: '#/components/headers/RequestId' }
        RateLimit: { $ref: '#/components/headers/RateLimit' }
        RateLimit-Policy: { $ref: '#/components/headers/RateLimitPolicy' }
      content:
        application/json:
          schema:
            title: UnavailableError
            allOf:
              - { $ref: '#/components/schemas/Error' }
              - properties: { error: { required: [code, message], properties: { code: { enum: [OVERLOADED, DATABASE_UNAVAILABLE, QUEUE_UNAVAILABLE] }, message: { $ref: '#/components/schemas/ErrorMessage' }, details: { $ref: '#/components/schemas/ErrorDetails' } } } }

  schemas:
    ErrorCode:
      type: string
      enum:
        - VALIDATION_ERROR
        - INVALID_AMOUNT
        - INVALID_JSON
        - UNAUTHORIZED
        - API_KEY_REVOKED
        - WALLET_AUTHORIZATION_REQUIRED
        - INSUFFICIENT_FUNDS
        - PERMISSION_DENIED
        - ENVIRONMENT_MISMATCH
        - WALLET_FROZEN
        - SANDBOX_ONLY
        - WALLET_OUT_OF_SCOPE
        - IP_NOT_ALLOWED
        - RECIPIENT_NOT_ALLOWED
        - PAYMENT_LINK_NOT_FOUND
        - WALLET_NOT_FOUND
        - WEBHOOK_NOT_FOUND
        - CLAIM_NOT_FOUND
        - TRANSACTION_NOT_FOUND
        - NOT_FOUND
        - METHOD_NOT_ALLOWED
        - IDEMPOTENCY_KEY_REUSE
        - IDEMPOTENCY_IN_PROGRESS
        - LINK_NOT_ACTIVE
        - LINK_NOT_READY
        - LINK_ALREADY_CLAIMED
        - LINK_CANCELLED
        - LINK_EXPIRED
        - CLAIM_NOT_RELEASABLE
        - PAYLOAD_TOO_LARGE
        - UNSUPPORTED_MEDIA_TYPE
        - SELF_CLAIM
        - AMOUNT_NOT_REPRESENTABLE
        - AMOUNT_EXCEEDS_RAIL_LIMIT
        - RAIL_UNAVAILABLE
        - RATE_LIMIT_EXCEEDED
        - INTERNAL_ERROR
        - QUEUE_UNAVAILABLE
        - DATABASE_UNAVAILABLE
        - OVERLOADED
    Error:
      type: object
      required: [error]
      properties:
        error:
          type: object
          required: [code, message]
          properties:
            code: { $ref: '#/components/schemas/ErrorCode' }
            message: { $ref: '#/components/schemas/ErrorMessage' }
            details: { $ref: '#/components/schemas/ErrorDetails' }
    ErrorMessage: { type: string, minLength: 1, description: A sentence for people that says what to do }
    ErrorDetails:
      type: object
      description: Facts for programs
      properties:
        fields: { type: array, minItems: 1, items: { $ref: '#/components/schemas/FieldError' } }
      additionalProperties: { type: [string, 'null'] }
    FieldError:
      type: object
      required: [field, code, message]
      properties:
        field: { type: string, description: 'The path in the body, such as `destination.routingNumber`' }
        code: { type: string, pattern: '^[A-Z_]+$' }
        message: { type: string, minLength: 1 }

    OrganizationId: { type: string, pattern: '^org_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    KeyId: { type: string, pattern: '^key_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    WalletId: { type: string, pattern: '^wal_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    LinkId: { type: string, pattern: '^lnk_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    ClaimId: { type: string, pattern: '^clm_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    TransactionId: { type: string, pattern: '^txn_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    EntryId: { type: string, pattern: '^ent_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    EventId: { type: string, pattern: '^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    WebhookId: { type: string, pattern: '^hook_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    DeliveryId: { type: string, pattern: '^dlv_[0-7][0-9A-HJKMNP-TV-Z]{25}$' }
    Slug: { type: string, pattern: '^[0-9a-hjkmnp-tv-z]{20}([0-9a-hjkmnp-tv-z]{6})?$' }
    Cursor: { type: string, pattern: '^c1[0-7][0-9a-hjkmnp-tv-z]{25}$', description: Opaque; hand it on unchanged }
    FeedCursor:
      description: Opaque; hand it on unchanged
      type: string
      pattern: '^(c1[0-7][0-9a-hjkmnp-tv-z]{25}|c20{13}[0-7][0-9a-hjkmnp-tv-z]{12})$'
    Timestamp: { type: string, format: date-time, pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$' }
    Time: { type: string, format: date-time, description: A time with a zone }
    Amount: { type: string, pattern: '^[0-9]+\.[0-9]{2,6}$', description: A decimal with at least two decimals }
    BalanceAmount:
      description: What the wallet can spend; null for a key without wallets:read
      oneOf: [{ $ref: '#/components/schemas/Amount' }, { type: 'null' }]
    Environment: { type: string, enum: [SANDBOX, PRODUCTION] }
    Currency: { type: string, enum: [USD, USDC] }
    Method: { type: string, enum: [ach, usdc, wallet] }
    Chain: { type: string, enum: [ethereum, base, polygon, arbitrum, optimism, avalanche, base-sepolia] }
    LinkStatus: { type: string, enum: [ACTIVE, CLAIMED, CANCELLED, EXPIRED] }
    ClaimStatus: { type: string, enum: [PROCESSING, AWAITING_PAYMENT, PENDING, SETTLED, FAILED, EXPIRED, CANCELLED] }
    WalletStatus: { type: string, enum: [ACTIVE, FROZEN] }
    EntryAccount: { type: string, enum: [WALLET, WALLET_PENDING, WALLET_DEBT, ACH_CLEARING, USDC_CLEARING, CONVERSION, SANDBOX_FUNDING, SUSPENSE] }
    EntryDirection: { type: string, enum: [DEBIT, CREDIT] }
    EntryType: { type: string, enum: [CLAIM, SETTLE, FAIL, REVERSE, FUND, PAY_DEBT, SUSPEND] }
    HoldStatus: { type: string, enum: [PENDING, RELEASED, REVERSED] }
    TransactionType: { type: string, enum: [CLAIM, FUNDING, DEBT_PAYMENT, SUSPENSE] }
    TransactionStatus: { type: string, enum: [PENDING, POSTED, FAILED, REVERSED] }
    KeyStatus: { type: string, enum: [ACTIVE, EXPIRED, REVOKED] }
    DeliveryStatus: { type: string, enum: [PENDING, DELIVERED, FAILED, DISCARDED] }
    DeliveryStateStatus: { type: string, enum: [PENDING, FAILED] }
    EventType: { type: string, enum: [payment_link.created, payment_link.claimed, payment_link.settled, payment_link.claim_failed, payment_link.cancelled, payment_link.expired, wallet.funded, wallet.debt_changed, webhook.disabled] }
    Metadata:
      type: object
      description: At most 50 keys. Kept and given back, never shown to payers. Numbers keep all of their digits, at most 64
      maxProperties: 50
      propertyNames: { minLength: 1, maxLength: 64, pattern: '^[^\x00]*$' }
      additionalProperties:
        oneOf:
          - { type: string, maxLength: 500, pattern: '^[^\x00]*$' }
          - { type: number }
          - { type: boolean }
    DollarAmount:
      type: string
      description: Above 0, at most 9,999,999,999.99, at most 2 decimals
      pattern: '^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.([1-9][0-9]?|0[1-9]))$'
    USDCAmount:
      type: string
      description: Above 0, at most 9,999,999,999.99, at most 6 decimals
      pattern: '^([1-9][0-9]{0,8}(\.[0-9]{1,6})?|[1-9][0-9]{9}(\.[0-9]{1,2})?|0\.([1-9][0-9]{0,5}|0[1-9][0-9]{0,4}|00[1-9][0-9]{0,3}|000[1-9][0-9]{0,2}|0000[1-9][0-9]?|00000[1-9]))$'
    FundingAmount:
      type: string
      description: Above 0, at most 10,000.00, at most as many decimals as the wallet's currency has
      pattern: '^([1-9][0-9]{0,3}(\.[0-9]{1,2})?|0\.([1-9][0-9]?|0[1-9])|10000(\.00?)?)$'
    BodyKey: { type: [string, 'null'], minLength: 1, maxLength: 255, description: As the header `Idempotency-Key` }
    NoFields: { type: object, additionalProperties: false, description: An empty object }

    NewPaymentLink:
      type: object
      additionalProperties: false
      required: [walletId, amount]
      properties:
        walletId: { $ref: '#/components/schemas/WalletId' }
        amount: { type: string }
        currency:
          default: USD
          oneOf: [{ $ref: '#/components/schemas/Currency' }, { type: 'null' }]
        description: { type: [string, 'null'], maxLength: 1024, pattern: '^[^\x00]*$', description: Payers see it }
        recipientRestrictions:
          description: Where both are given, both must hold. The claim's e-mail address is compared and not verified
          type: [object, 'null']
          additionalProperties: false
          properties:
            emails: { type: [array, 'null'], maxItems: 100, items: { $ref: '#/components/schemas/EmailAddress' } }
            walletIds: { type: [array, 'null'], maxItems: 100, items: { $ref: '#/components/schemas/WalletId' } }
        expiresAt:
          description: In the future, at most 10 years ahead. A time that has passed is taken only of a request that repeats, with its idempotency key, one that came in time
          oneOf: [{ $ref: '#/components/schemas/Time' }, { type: 'null' }]
        metadata:
          oneOf: [{ $ref: '#/components/schemas/Metadata' }, { type: 'null' }]
        maxUses:
          description: A link is paid once
          oneOf: [{ type: integer, const: 1 }, { type: 'null' }]
        idempotencyKey: { $ref: '#/components/schemas/BodyKey' }
      if: { required: [currency], properties: { currency: { const: USDC } } }
      then: { properties: { amount: { $ref: '#/components/schemas/USDCAmount' } } }
      else: { properties: { amount: { $ref: '#/components/schemas/DollarAmount' } } }
    EmailAddress: { type: string, maxLength: 254, pattern: '^[A-Za-z0-9._+-]{1,64}@[a-z0-9]{1,63}(\.[a-z0-9]{1,63})*$' }
    LinkPatch:
      description: An empty object or the status cancels the link; the other members change it
      type: object
      additionalProperties: false
      properties:
        status: { type: string, const: CANCELLED }
        description: { type: [string, 'null'], maxLength: 1024, pattern: '^[^\x00]*$', description: Null removes it }
        expiresAt:
          description: In the future, at most 10 years ahead. Null removes it
          oneOf: [{ $ref: '#/components/schemas/Time' }, { type: 'null' }]
        metadata:
          description: Replaces the metadata. Null empties it
          oneOf: [{ $ref: '#/components/schemas/Metadata' }, { type: 'null' }]
      if: { required: [status] }
      then: { maxProperties: 1 }
    PaymentLink:
      type: object
      required: [id, organizationId, environment, walletId, slug, url, amount, currency, description, recipientRestrictions, status, expiresAt, metadata, claim, createdAt, updatedAt, claimedAt, cancelledAt, expiredAt]
      properties:
        id: { $ref: '#/components/schemas/LinkId' }
        organizationId: { $ref: '#/components/schemas/OrganizationId' }
        environment: { $ref: '#/components/schemas/Environment' }
        walletId: { $ref: '#/components/schemas/WalletId' }
        slug: { $ref: '#/components/schemas/Slug' }
        url: { type: string, pattern: '^https?://.+/v1/payment-links/claim/([0-9a-z]{20}|[0-9a-z]{26})$', description: What the payer is given }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        description: { type: [string, 'null'] }
        recipientRestrictions:
          type: [object, 'null']
          required: [emails, walletIds]
          properties:
            emails: { type: array, items: { type: string } }
            walletIds: { type: array, items: { $ref: '#/components/schemas/WalletId' } }
        status: { $ref: '#/components/schemas/LinkStatus' }
        expiresAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        metadata: { $ref: '#/components/schemas/Metadata' }
        claim:
          description: The claim that won
          type: [object, 'null']
          required: [claimId, method, status, transactionId, claimedAt]
          properties:
            claimId: { $ref: '#/components/schemas/ClaimId' }
            method: { $ref: '#/components/schemas/Method' }
            status: { $ref: '#/components/schemas/ClaimStatus' }
            transactionId: { $ref: '#/components/schemas/TransactionId' }
            claimedAt: { $ref: '#/components/schemas/Timestamp' }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        updatedAt: { $ref: '#/components/schemas/Timestamp' }
        claimedAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        cancelledAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        expiredAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
    ProcessingLink:
      description: A link that is accepted, and not made yet; more than its id is known only when it is created
      type: object
      required: [id, status]
      properties:
        id: { $ref: '#/components/schemas/LinkId' }
        organizationId: { $ref: '#/components/schemas/OrganizationId' }
        environment: { $ref: '#/components/schemas/Environment' }
        walletId: { $ref: '#/components/schemas/WalletId' }
        slug: { $ref: '#/components/schemas/Slug' }
        url: { type: string }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        status: { type: string, const: PROCESSING }
    NewPaymentLinkLines:
      type: string
      format: binary
      description: Lines, each a `NewPaymentLink`
    BatchSummaryLine:
      description: The last line of a complete batch answer
      type: object
      required: [summary]
      properties:
        summary: { $ref: '#/components/schemas/BatchSummary' }
    BatchSummary:
      type: object
      required: [lines, succeeded, processing, failed]
      properties:
        lines: { type: integer, minimum: 0, description: Lines that were answered }
        succeeded: { type: integer, minimum: 0, description: Lines with a status below 300 other than 202 }
        processing: { type: integer, minimum: 0, description: Lines with the status 202 }
        failed: { type: integer, minimum: 0, description: Lines with any other status }
    LinkLines: { type: string, format: binary, description: 'Lines, each a `LinkLine`, and a `BatchSummaryLine` at the end' }
    LinkLine:
      description: What one line is answered with
      type: object
      required: [index, status, body]
      properties:
        index: { type: integer, minimum: 0, description: 'Counts from 0, blank lines left out' }
        status: { type: integer, description: The status of a single request }
        replayed: { type: boolean, description: The outcome is an earlier request's }
        location: { type: string, pattern: '^/v1/' }
        retryAfter: { type: integer, minimum: 0 }
        body:
          anyOf:
            - { $ref: '#/components/schemas/PaymentLink' }
            - { $ref: '#/components/schemas/ProcessingLink' }
            - { $ref: '#/components/schemas/Error' }
    PaymentLinkPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/PaymentLink' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    LinkDetails:
      type: object
      required: [slug, amount, currency, description, status, expiresAt, payee, acceptedMethods, restricted]
      properties:
        slug: { $ref: '#/components/schemas/Slug' }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        description: { type: [string, 'null'] }
        status: { $ref: '#/components/schemas/LinkStatus' }
        expiresAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        payee: { type: string, description: Who is paid }
        acceptedMethods:
          description: The methods by which the link can be paid now; none where it cannot be claimed
          type: array
          items: { $ref: '#/components/schemas/Method' }
        restricted: { type: boolean, description: Whether only certain payers may pay }

    NewClaim:
      type: object
      additionalProperties: false
      required: [method, destination]
      properties:
        method: { $ref: '#/components/schemas/Method' }
        destination:
          description: The account that the payer pays from. Its `type` agrees with `method`
          oneOf:
            - { $ref: '#/components/schemas/BankAccount' }
            - { $ref: '#/components/schemas/ChainAccount' }
            - { $ref: '#/components/schemas/WalletAccount' }
        recipientEmail:
          description: Required where the link is restricted to e-mail addresses. It is compared and not verified
          oneOf: [{ $ref: '#/components/schemas/EmailAddress' }, { type: 'null' }]
        idempotencyKey: { $ref: '#/components/schemas/BodyKey' }
      if: { properties: { method: { const: ach } } }
      then: { properties: { destination: { $ref: '#/components/schemas/BankAccount' } } }
      else:
        if: { properties: { method: { const: usdc } } }
        then: { properties: { destination: { $ref: '#/components/schemas/ChainAccount' } } }
        else: { properties: { destination: { $ref: '#/components/schemas/WalletAccount' } } }
    BankAccount:
      type: object
      additionalProperties: false
      required: [type, routingNumber, accountNumber, accountName]
      properties:
        type: { const: ACH }
        routingNumber: { type: string, pattern: '^[0-9]{9}$', description: With a valid check digit }
        accountNumber: { type: string, pattern: '^[A-Za-z0-9]{4,17}$' }
        accountName: { type: string, minLength: 1, maxLength: 256 }
    ChainAccount:
      type: object
      additionalProperties: false
      required: [type, address, chain]
      properties:
        type: { const: USDC }
        address: { type: string, pattern: '^0x[0-9A-Fa-f]{40}$', description: 'Where the case is mixed, it must pass EIP-55' }
        chain: { $ref: '#/components/schemas/Chain' }
    WalletAccount:
      type: object
      additionalProperties: false
      required: [type, walletId]
      properties:
        type: { const: WALLET }
        walletId: { $ref: '#/components/schemas/WalletId' }
    Claim:
      description: While the status is PROCESSING, unknown values are null
      type: object
      required: [claimId, transactionId, slug, method, status, amount, currency, link, instructions, createdAt, settledAt, failure]
      properties:
        claimId: { $ref: '#/components/schemas/ClaimId' }
        transactionId: { oneOf: [{ $ref: '#/components/schemas/TransactionId' }, { type: 'null' }] }
        slug: { $ref: '#/components/schemas/Slug' }
        method: { oneOf: [{ $ref: '#/components/schemas/Method' }, { type: 'null' }] }
        status: { $ref: '#/components/schemas/ClaimStatus' }
        amount: { oneOf: [{ $ref: '#/components/schemas/Amount' }, { type: 'null' }] }
        currency: { oneOf: [{ $ref: '#/components/schemas/Currency' }, { type: 'null' }] }
        link:
          type: object
          required: [status]
          properties:
            status: { oneOf: [{ $ref: '#/components/schemas/LinkStatus' }, { type: 'null' }] }
        instructions:
          description: Where to send what, for usdc
          oneOf: [{ $ref: '#/components/schemas/Instructions' }, { type: 'null' }]
        createdAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        settledAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        failure:
          description: >-
            Why the money did not come, once the status is FAILED or CANCELLED; or what became of a payment that the
            claim could not take (UNDERPAID, LATE, UNMATCHED)
          type: [object, 'null']
          required: [code, reason]
          properties:
            code: { type: string }
            reason: { type: string }
    NewClaimLines:
      type: string
      format: binary
      description: Lines, each a `NewClaim` and the link's `slug`
    ClaimLines: { type: string, format: binary, description: 'Lines, each a `ClaimLine`, and a `BatchSummaryLine` at the end' }
    ClaimLine:
      description: What one line is answered with
      type: object
      required: [index, status, body]
      properties:
        index: { type: integer, minimum: 0, description: 'Counts from 0, blank lines left out' }
        status: { type: integer, description: The status of a single request }
        replayed: { type: boolean, description: The outcome is an earlier request's }
        location: { type: string, pattern: '^/v1/' }
        retryAfter: { type: integer, minimum: 0 }
        body:
          anyOf:
            - { $ref: '#/components/schemas/Claim' }
            - { $ref: '#/components/schemas/Error' }
    Instructions:
      type: object
      required: [chain, chainId, token, payTo, amount, amountBaseUnits, paymentUri, payBefore]
      properties:
        chain: { $ref: '#/components/schemas/Chain' }
        chainId: { type: integer }
        token: { type: string, pattern: '^0x[0-9A-Fa-f]{40}$' }
        payTo: { type: string, pattern: '^0x[0-9A-Fa-f]{40}$' }
        amount: { $ref: '#/components/schemas/Amount' }
        amountBaseUnits: { type: string, pattern: '^[1-9][0-9]*$' }
        paymentUri: { type: string, pattern: '^ethereum:', description: Opens in a wallet application (EIP-681) }
        payBefore:
          description: When the offer ends. Null only for claims from before offers had an end
          oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }]
    Release:
      description: An empty body releases the claim that holds the link
      type: object
      additionalProperties: false
      properties:
        claimId:
          description: A claim of the link
          oneOf: [{ $ref: '#/components/schemas/ClaimId' }, { type: 'null' }]

    NewWallet:
      type: object
      additionalProperties: false
      required: [name]
      properties:
        name: { $ref: '#/components/schemas/Name' }
        agentName: { type: [string, 'null'], maxLength: 256, pattern: '^[^\x00]*$' }
        currency:
          default: USD
          oneOf: [{ $ref: '#/components/schemas/Currency' }, { type: 'null' }]
        metadata:
          oneOf: [{ $ref: '#/components/schemas/Metadata' }, { type: 'null' }]
        allowPublicClaims: { type: [boolean, 'null'], default: false, description: Whether anybody may pay from it }
        idempotencyKey: { $ref: '#/components/schemas/BodyKey' }
    Name: { type: string, minLength: 1, maxLength: 256, pattern: '^[^\x00]*[^\s\x00][^\x00]*$', description: Not blank }
    WalletChanges:
      type: object
      additionalProperties: false
      properties:
        name: { $ref: '#/components/schemas/Name' }
        agentName: { type: [string, 'null'], maxLength: 256, pattern: '^[^\x00]*$' }
        metadata:
          oneOf: [{ $ref: '#/components/schemas/Metadata' }, { type: 'null' }]
        allowPublicClaims: { type: [boolean, 'null'] }
    Wallet:
      type: object
      required: [id, organizationId, name, agentName, environment, status, balance, debt, currency, metadata, allowPublicClaims, createdAt, updatedAt]
      properties:
        id: { $ref: '#/components/schemas/WalletId' }
        organizationId: { $ref: '#/components/schemas/OrganizationId' }
        name: { type: string }
        agentName: { type: [string, 'null'] }
        environment: { $ref: '#/components/schemas/Environment' }
        status: { $ref: '#/components/schemas/WalletStatus' }
        balance: { $ref: '#/components/schemas/BalanceAmount' }
        debt:
          description: What the wallet owes because a payment was returned after its money was spent. Every credit pays it first, and a wallet in debt cannot pay. Null without wallets:read
          oneOf: [{ $ref: '#/components/schemas/Amount' }, { type: 'null' }]
        currency: { $ref: '#/components/schemas/Currency' }
        metadata: { $ref: '#/components/schemas/Metadata' }
        allowPublicClaims: { type: boolean }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        updatedAt: { $ref: '#/components/schemas/Timestamp' }
    WalletPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Wallet' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    Balance:
      type: object
      required: [walletId, balance, available, pending, debt, currency]
      properties:
        walletId: { $ref: '#/components/schemas/WalletId' }
        balance: { $ref: '#/components/schemas/Amount' }
        available: { $ref: '#/components/schemas/Amount' }
        pending: { $ref: '#/components/schemas/Amount' }
        debt: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
    NewFunding:
      type: object
      additionalProperties: false
      required: [amount]
      properties:
        amount: { $ref: '#/components/schemas/FundingAmount' }
        idempotencyKey: { $ref: '#/components/schemas/BodyKey' }
    NewSandboxFunding:
      type: object
      additionalProperties: false
      required: [walletId, amount]
      properties:
        walletId: { $ref: '#/components/schemas/WalletId' }
        amount:
          oneOf:
            - { $ref: '#/components/schemas/FundingAmount' }
            - { type: integer, minimum: 1, maximum: 10000 }
            - { type: number, exclusiveMinimum: 0, maximum: 10000, not: { type: integer }, description: With as many decimals as the currency has }
        idempotencyKey: { $ref: '#/components/schemas/BodyKey' }
    Funding:
      type: object
      required: [transactionId, walletId, amount, currency, newBalance]
      properties:
        transactionId: { $ref: '#/components/schemas/TransactionId' }
        walletId: { $ref: '#/components/schemas/WalletId' }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        newBalance: { $ref: '#/components/schemas/BalanceAmount' }
    Entry:
      description: The amount has no sign; the direction says which way it went, seen from the account
      type: object
      required: [id, walletId, account, amount, currency, direction, description, entryType, relatedTransactionId, createdAt]
      properties:
        id: { $ref: '#/components/schemas/EntryId' }
        walletId: { oneOf: [{ $ref: '#/components/schemas/WalletId' }, { type: 'null' }] }
        account: { $ref: '#/components/schemas/EntryAccount' }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        direction: { $ref: '#/components/schemas/EntryDirection' }
        description: { type: string }
        entryType: { $ref: '#/components/schemas/EntryType' }
        relatedTransactionId: { $ref: '#/components/schemas/TransactionId' }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
    EntryPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Entry' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    Hold:
      description: A settlement that a rail works on, or worked on
      type: object
      required: [id, walletId, claimId, transactionId, method, amount, currency, status, createdAt, resolvedAt]
      properties:
        id: { $ref: '#/components/schemas/ClaimId' }
        walletId: { $ref: '#/components/schemas/WalletId' }
        claimId: { $ref: '#/components/schemas/ClaimId' }
        transactionId: { $ref: '#/components/schemas/TransactionId' }
        method: { $ref: '#/components/schemas/Method' }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        status: { $ref: '#/components/schemas/HoldStatus' }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        resolvedAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
    HoldPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Hold' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    Transaction:
      description: Its entries sum to zero in each currency, once each has its direction's sign
      type: object
      required: [id, environment, type, status, claimId, amount, currency, entries, createdAt, updatedAt]
      properties:
        id: { $ref: '#/components/schemas/TransactionId' }
        environment: { $ref: '#/components/schemas/Environment' }
        type: { $ref: '#/components/schemas/TransactionType' }
        status: { $ref: '#/components/schemas/TransactionStatus' }
        claimId: { oneOf: [{ $ref: '#/components/schemas/ClaimId' }, { type: 'null' }] }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        entries: { type: array, minItems: 1, items: { $ref: '#/components/schemas/Entry' } }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        updatedAt: { $ref: '#/components/schemas/Timestamp' }

    Organization:
      type: object
      required: [id, name, displayName, environment, reopenAfterReturn]
      properties:
        id: { $ref: '#/components/schemas/OrganizationId' }
        name: { type: string }
        displayName: { type: string, description: What payers see as the payee }
        environment: { $ref: '#/components/schemas/Environment' }
        reopenAfterReturn:
          type: boolean
          description: Whether a link becomes ACTIVE again when its settled money is returned. Otherwise it stays CLAIMED and its claim is FAILED
    OrganizationChanges:
      type: object
      additionalProperties: false
      properties:
        reopenAfterReturn: { type: [boolean, 'null'] }
    Permission: { type: string, enum: ['payments:read', 'payments:write', 'wallets:read', 'wallets:write', 'webhooks:read', 'webhooks:write', 'keys:read', 'keys:write'] }
    NewKey:
      type: object
      additionalProperties: false
      required: [name, permissions]
      properties:
        name: { $ref: '#/components/schemas/Name' }
        permissions: { type: array, maxItems: 16, items: { $ref: '#/components/schemas/Permission' } }
        environment:
          description: The default is the environment of the key that makes the request
          oneOf: [{ $ref: '#/components/schemas/Environment' }, { type: 'null' }]
        walletScope: { type: [array, 'null'], maxItems: 100, items: { $ref: '#/components/schemas/WalletId' }, description: The only wallets that it reaches }
        allowedIps: { type: [array, 'null'], maxItems: 100, items: { $ref: '#/components/schemas/AddressRange' }, description: The only addresses that it may be used from }
        expiresAt:
          description: In the future
          oneOf: [{ $ref: '#/components/schemas/Time' }, { type: 'null' }]
        rateLimit: { $ref: '#/components/schemas/KeyRate' }
    KeyRate:
      type: [integer, 'null']
      minimum: 1
      maximum: 1000000
      description: Requests a second of one gateway. Null is the asking key's own, or the gateway's
    AddressRange:
      description: An IPv4 or IPv6 address, or a block of them
      type: string
      examples: ['192.0.2.7', '192.0.2.0/24', '2001:db8::/32']
      anyOf:
        - { pattern: '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([0-9]|[12][0-9]|3[0-2]))?$' }
        - { pattern: '^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/[0-9]{1,3})?$' }
    KeyChanges:
      type: object
      additionalProperties: false
      properties:
        name: { $ref: '#/components/schemas/Name' }
        permissions: { type: array, maxItems: 16, items: { $ref: '#/components/schemas/Permission' } }
        rateLimit: { $ref: '#/components/schemas/KeyRate' }
    Key:
      type: object
      required: [id, name, keyPrefix, permissions, environment, status, walletScope, allowedIps, expiresAt, rateLimit, createdBy, createdAt]
      properties:
        id: { $ref: '#/components/schemas/KeyId' }
        name: { type: string }
        keyPrefix: { type: string }
        permissions: { type: array, items: { $ref: '#/components/schemas/Permission' } }
        environment: { $ref: '#/components/schemas/Environment' }
        status: { $ref: '#/components/schemas/KeyStatus' }
        walletScope: { type: [array, 'null'], items: { $ref: '#/components/schemas/WalletId' } }
        allowedIps: { type: [array, 'null'], items: { type: string } }
        expiresAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        rateLimit: { $ref: '#/components/schemas/KeyRate' }
        createdBy:
          description: The key that created this one; null for a key from the command line
          oneOf: [{ $ref: '#/components/schemas/KeyId' }, { type: 'null' }]
        createdAt: { $ref: '#/components/schemas/Timestamp' }
    NewlyMadeKey:
      type: object
      required: [id, name, keyPrefix, permissions, environment, status, secret, walletScope, allowedIps, expiresAt, rateLimit, createdBy, createdAt]
      properties:
        id: { $ref: '#/components/schemas/KeyId' }
        name: { type: string }
        keyPrefix: { type: string }
        permissions: { type: array, items: { $ref: '#/components/schemas/Permission' } }
        environment: { $ref: '#/components/schemas/Environment' }
        status: { $ref: '#/components/schemas/KeyStatus' }
        secret: { type: string, pattern: '^wg_(test|live)_[0-9A-Za-z]+$' }
        walletScope: { type: [array, 'null'], items: { $ref: '#/components/schemas/WalletId' } }
        allowedIps: { type: [array, 'null'], items: { type: string } }
        expiresAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        rateLimit: { $ref: '#/components/schemas/KeyRate' }
        createdBy:
          description: The key that created this one; null for a key from the command line
          oneOf: [{ $ref: '#/components/schemas/KeyId' }, { type: 'null' }]
        createdAt: { $ref: '#/components/schemas/Timestamp' }
    KeyPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Key' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }

    NewWebhook:
      type: object
      additionalProperties: false
      required: [url]
      properties:
        url: { $ref: '#/components/schemas/WebhookURL' }
        events: { $ref: '#/components/schemas/Subscription' }
        enabled: { type: [boolean, 'null'], default: true }
        description: { type: [string, 'null'], maxLength: 1024, pattern: '^[^\x00]*$' }
    WebhookURL:
      description: https, with a host that is neither private nor local; a development system takes http on this machine too
      type: string
      format: uri
    Subscription:
      description: Absent, or with `*` among them, all. Names of families that are not ours are taken, and never come
      type: [array, 'null']
      minItems: 1
      maxItems: 100
      items: { $ref: '#/components/schemas/EventName' }
    EventName:
      type: string
      anyOf:
        - { const: '*' }
        - { $ref: '#/components/schemas/EventType' }
        - { pattern: '^(payment|payments|transfer|invoice|card|policy|agent|customer|dispute)\.[a-z_]{1,40}$' }
    WebhookChanges:
      type: object
      additionalProperties: false
      properties:
        url: { $ref: '#/components/schemas/WebhookURL' }
        events: { $ref: '#/components/schemas/Subscription' }
        enabled: { type: [boolean, 'null'] }
        description: { type: [string, 'null'], maxLength: 1024, pattern: '^[^\x00]*$' }
    Webhook:
      type: object
      required: [id, organizationId, environment, url, enabled, disabledReason, backoffUntil, backoffReason, events, description, walletScope, createdAt, updatedAt]
      properties:
        id: { $ref: '#/components/schemas/WebhookId' }
        organizationId: { $ref: '#/components/schemas/OrganizationId' }
        environment: { $ref: '#/components/schemas/Environment' }
        url: { type: string }
        enabled: { type: boolean }
        disabledReason: { type: [string, 'null'] }
        backoffUntil:
          description: When deliveries try again, while they keep away from an endpoint that fails
          oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }]
        backoffReason: { type: [string, 'null'], description: 'The last failure, while there is a back-off' }
        events: { type: array, minItems: 1, items: { type: string } }
        description: { type: [string, 'null'] }
        walletScope: { $ref: '#/components/schemas/EventScope' }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        updatedAt: { $ref: '#/components/schemas/Timestamp' }
    WebhookWithSecret:
      type: object
      required: [id, organizationId, environment, url, enabled, disabledReason, backoffUntil, backoffReason, events, secret, description, walletScope, createdAt, updatedAt]
      properties:
        id: { $ref: '#/components/schemas/WebhookId' }
        organizationId: { $ref: '#/components/schemas/OrganizationId' }
        environment: { $ref: '#/components/schemas/Environment' }
        url: { type: string }
        enabled: { type: boolean }
        disabledReason: { type: [string, 'null'] }
        backoffUntil:
          description: When deliveries try again, while they keep away from an endpoint that fails
          oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }]
        backoffReason: { type: [string, 'null'], description: 'The last failure, while there is a back-off' }
        events: { type: array, minItems: 1, items: { type: string } }
        secret: { type: string, pattern: '^whsec_[0-9A-Za-z+/=]+$' }
        description: { type: [string, 'null'] }
        walletScope: { $ref: '#/components/schemas/EventScope' }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        updatedAt: { $ref: '#/components/schemas/Timestamp' }
    EventScope:
      description: The only wallets whose events the endpoint gets; null for all events
      type: [array, 'null']
      items: { $ref: '#/components/schemas/WalletId' }
    WebhookPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Webhook' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    WebhookTest:
      type: object
      required: [id, delivered, statusCode, durationMs, error]
      properties:
        id: { $ref: '#/components/schemas/DeliveryId' }
        delivered: { type: boolean }
        statusCode: { type: [integer, 'null'] }
        durationMs: { type: [integer, 'null'] }
        error: { type: [string, 'null'] }
    Delivery:
      type: object
      required: [id, webhookId, eventId, eventType, status, attempts, lastAttemptAt, nextRetryAt, backoffUntil, backoffReason, statusCode, error, durationMs, responseBody, createdAt, finishedAt]
      properties:
        id: { $ref: '#/components/schemas/DeliveryId' }
        webhookId: { $ref: '#/components/schemas/WebhookId' }
        eventId: { $ref: '#/components/schemas/EventId' }
        eventType: { type: string }
        status: { $ref: '#/components/schemas/DeliveryStatus' }
        attempts: { type: integer, minimum: 0 }
        lastAttemptAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        nextRetryAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        backoffUntil:
          description: The end of the endpoint's back-off, while the delivery waits for it
          oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }]
        backoffReason: { type: [string, 'null'] }
        statusCode: { type: [integer, 'null'] }
        error: { type: [string, 'null'] }
        durationMs: { type: [integer, 'null'] }
        responseBody: { type: [string, 'null'], description: The first of what was answered }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        finishedAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
    DeliveryPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Delivery' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    DeadDelivery:
      type: object
      required: [id, webhookId, eventId, eventType, status, attempts, lastAttemptAt, nextRetryAt, backoffUntil, backoffReason, statusCode, error, durationMs, responseBody, createdAt, finishedAt, payload]
      properties:
        id: { $ref: '#/components/schemas/DeliveryId' }
        webhookId: { $ref: '#/components/schemas/WebhookId' }
        eventId: { $ref: '#/components/schemas/EventId' }
        eventType: { type: string }
        status: { $ref: '#/components/schemas/DeliveryStatus' }
        attempts: { type: integer, minimum: 0 }
        lastAttemptAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        nextRetryAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        backoffUntil:
          description: The end of the endpoint's back-off, while the delivery waits for it
          oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }]
        backoffReason: { type: [string, 'null'] }
        statusCode: { type: [integer, 'null'] }
        error: { type: [string, 'null'] }
        durationMs: { type: [integer, 'null'] }
        responseBody: { type: [string, 'null'], description: The first of what was answered }
        createdAt: { $ref: '#/components/schemas/Timestamp' }
        finishedAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        payload:
          description: The event; null when it is kept no more
          oneOf: [{ $ref: '#/components/schemas/Event' }, { type: 'null' }]
    DeadDeliveryPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/DeadDelivery' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/Cursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
    DeliveryState:
      type: object
      required: [id, status]
      properties:
        id: { $ref: '#/components/schemas/DeliveryId' }
        status: { $ref: '#/components/schemas/DeliveryStateStatus' }
    NewReplay:
      type: object
      additionalProperties: false
      required: [since]
      properties:
        since: { $ref: '#/components/schemas/ReplayStart' }
    ReplayStart:
      description: A time, for the events from then on, or an event's id, for the events after it
      anyOf:
        - { $ref: '#/components/schemas/Time' }
        - { $ref: '#/components/schemas/EventId' }
    Replay:
      type: object
      required: [replayed, hasMore, nextSince]
      properties:
        replayed: { type: integer, minimum: 0 }
        hasMore: { type: boolean }
        nextSince:
          description: The last event sent; null where nothing is left
          oneOf: [{ $ref: '#/components/schemas/EventId' }, { type: 'null' }]

    Event:
      description: The very object that webhooks deliver
      type: object
      required: [id, event, timestamp, organizationId, data]
      properties:
        id: { $ref: '#/components/schemas/EventId' }
        event: { $ref: '#/components/schemas/EventType' }
        timestamp: { $ref: '#/components/schemas/Timestamp' }
        organizationId: { $ref: '#/components/schemas/OrganizationId' }
        data:
          anyOf:
            - { $ref: '#/components/schemas/LinkEventData' }
            - { $ref: '#/components/schemas/FundingEventData' }
            - { $ref: '#/components/schemas/DebtEventData' }
            - { $ref: '#/components/schemas/WebhookEventData' }
    LinkEventData:
      type: object
      required: [linkId, slug, walletId, amount, currency, status, method, claimId, transactionId, claimedAt, metadata]
      properties:
        linkId: { $ref: '#/components/schemas/LinkId' }
        sequence:
          type: integer
          minimum: 1
          description: Numbers the events of the link. A cause comes before its effect. Missing in events of earlier versions
        slug: { $ref: '#/components/schemas/Slug' }
        walletId: { $ref: '#/components/schemas/WalletId' }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        status: { $ref: '#/components/schemas/LinkStatus' }
        method: { oneOf: [{ $ref: '#/components/schemas/Method' }, { type: 'null' }] }
        claimId: { oneOf: [{ $ref: '#/components/schemas/ClaimId' }, { type: 'null' }] }
        claimStatus: { oneOf: [{ $ref: '#/components/schemas/ClaimStatus' }, { type: 'null' }] }
        transactionId: { oneOf: [{ $ref: '#/components/schemas/TransactionId' }, { type: 'null' }] }
        claimedAt: { oneOf: [{ $ref: '#/components/schemas/Timestamp' }, { type: 'null' }] }
        metadata: { $ref: '#/components/schemas/Metadata' }
        failureCode: { type: string, description: Of payment_link.claim_failed }
        failureReason: { type: string }
    FundingEventData:
      type: object
      required: [walletId, transactionId, amount, currency, newBalance]
      properties:
        walletId: { $ref: '#/components/schemas/WalletId' }
        transactionId: { $ref: '#/components/schemas/TransactionId' }
        amount: { $ref: '#/components/schemas/Amount' }
        currency: { $ref: '#/components/schemas/Currency' }
        newBalance: { $ref: '#/components/schemas/BalanceAmount' }
    DebtEventData:
      description: Of wallet.debt_changed
      type: object
      required: [walletId, transactionId, currency, previousDebt, debt]
      properties:
        walletId: { $ref: '#/components/schemas/WalletId' }
        transactionId: { $ref: '#/components/schemas/TransactionId' }
        currency: { $ref: '#/components/schemas/Currency' }
        previousDebt: { $ref: '#/components/schemas/BalanceAmount' }
        debt: { $ref: '#/components/schemas/BalanceAmount' }
    WebhookEventData:
      type: object
      required: [webhookId]
      properties:
        webhookId: { $ref: '#/components/schemas/WebhookId' }
        url: { type: string }
        reason: { type: string }
    EventPage:
      type: object
      required: [data, cursor, hasMore]
      properties:
        data: { type: array, maxItems: 100, items: { $ref: '#/components/schemas/Event' } }
        cursor: { oneOf: [{ $ref: '#/components/schemas/FeedCursor' }, { type: 'null' }] }
        hasMore: { type: boolean }
"""#
}
