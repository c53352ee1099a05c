/// What callers, creators and payers can rely on.
extension ContractRule {
    static let transport = [
        ContractRule(
            "Every error, whatever its status, has the one envelope with a stable code",
            "Every error has its status and its code", "what is no HTTP is answered in the one envelope",
            "Every code of the contract has its status, and there is no other code"),
        ContractRule(
            "A validation error names every wrong field at once",
            "every wrong request is refused by name, all of its fields at once, and writes nothing"),
        ContractRule(
            "Ids are a prefix and 26 characters of a ULID", "Every kind of identifier has the contract's prefix",
            "Texts sort as their ULIDs do, and read back"),
        ContractRule(
            "Times are ISO 8601 in UTC with milliseconds", "A timestamp is an ISO 8601 string in JSON",
            "a link is created, listed, shown to the payer, and cancelled"),
        ContractRule(
            "Every answer has a Request-Id, the caller's own if it sent one",
            "a caller's own request id is echoed, by refusals too, and one that cannot be is replaced"),
        ContractRule(
            "A traceparent goes on with the job", "A caller's trace goes on with a span of ours",
            "a caller's trace travels with its job",
            "a worker's log names a settled job under its caller's trace, at debug level and at no other"),
        ContractRule(
            "Bodies beyond 64 KiB, other types and malformed JSON are refused; the largest body is taken",
            "every wrong request is refused by name, all of its fields at once, and writes nothing",
            "the most that is allowed is taken"),
        ContractRule(
            "Every wrong field is named, and the most that is allowed is taken",
            "the most that is allowed is taken",
            "every wrong request is refused by name, all of its fields at once, and writes nothing"),
        ContractRule(
            "A request that needs no body may come with a JSON type and none",
            "a wallet is made, shown, changed, frozen and released, with the same fields each time"),
        ContractRule(
            "An unknown path is 404, a method that a path does not take 405 with Allow",
            "A path that nobody knows is not found, a method that it does not take is not allowed"),
        ContractRule(
            "Requests on one connection are answered in their order, and what is malformed behind them",
            "claims and other requests that come at once are answered in their order",
            "what is malformed is answered behind the claim before it"),
        ContractRule(
            "HEAD is answered without a body, Expect: 100-continue in its turn, HTTP/1.0 without chunks; close ends a "
                + "connection however it is spelt, and a request names one Host",
            "an error that answers HEAD has the length of its body, and no body",
            "a body that waits to be asked for is asked for when its turn has come",
            "an answer in HTTP 1.0 is not chunked, and ends with its connection",
            "a connection ends behind the answer to who asks for it, however they spell it",
            "what is no HTTP is answered in the one envelope"),
    ]

    static let keys = [
        ContractRule(
            "Every route tells every caller exactly what is due: no key, wrong permission, another organization, another "
                + "environment, a wallet out of scope, an expired key, a revoked key, a wrong address",
            "every route tells every caller exactly what is due, and nobody of another's objects",
            "every route of the gateway has its row in the matrix"),
        ContractRule(
            "What is no key is 401 on every route that needs one",
            "what is no key, or claims to come from elsewhere, is refused by every route that needs one"),
        ContractRule(
            "Keys are kept as SHA-256 and shown once", "A secret is kept as its SHA-256",
            "A key's secret is shown when it is made and never again"),
        ContractRule(
            "A key with no permission can do nothing, and is told so before its body is judged",
            "a key is not told of a wrong body before it is told that it may not ask"),
        ContractRule(
            "allowedIps are addresses or blocks of either kind, and only a trusted proxy's word counts",
            "A key counts from its addresses only", "behind a trusted proxy the caller's own address counts",
            "Only what trusted proxies say of the client is believed"),
        ContractRule("expiresAt ends a key", "A key counts until it is revoked or expires"),
        ContractRule(
            "A key never grants more than it has", "a key gives out no more than it has",
            "No key grants more than it has"),
        ContractRule(
            "A revoked key is refused everywhere within seconds",
            "a key that is made works, is listed without its secret, and is refused soon after it is revoked"),
    ]

    static let links = [
        ContractRule(
            "A link is created (201, Location), listed, read and cancelled; absent values are null",
            "a link is created, listed, shown to the payer, and cancelled"),
        ContractRule(
            "Lists go from new to old by an opaque cursor; limit is 1 to 100, 20 unless given",
            "lists go from new to old, page by page, and end",
            "every wrong request is refused by name, all of its fields at once, and writes nothing"),
        ContractRule(
            "Links are listed by wallet and by the status that they read as",
            "links are listed by wallet and by the status that they read as"),
        ContractRule(
            "Cancelling twice is one cancellation; a claimed or expired link is 409",
            "An active link is cancelled once, and a cancelled one stays cancelled",
            "A claimed, an overdue, an expired and an unknown link are not cancelled",
            "a repeated creation's own id is cancelled as the link that it stands for"),
        ContractRule("Payers see what they need and nothing more", "Details hold what a payer needs and nothing more"),
        ContractRule(
            "Amounts are strings of digits with the currency's decimals, within the limit; answers are canonical",
            "every wrong request is refused by name, all of its fields at once, and writes nothing",
            "the most that is allowed is taken", "What is written reads back as the same amount"),
        ContractRule(
            "Description, metadata, expiry and restrictions keep to their bounds",
            "every wrong request is refused by name, all of its fields at once, and writes nothing",
            "the most that is allowed is taken"),
        ContractRule(
            "Restrictions by e-mail, without case, and by wallet hold, both where both are given",
            "Restrictions hold, and both where both are given",
            "every refusal has its code, moves nothing, and is readable again at its claim's address",
            "a claim that just meets its link's conditions wins"),
        ContractRule(
            "A slug has at least 96 random bits", "Every place of a minted slug takes every character: 100 random bits"),
        ContractRule(
            "Exactly one of claim, cancel and expire wins",
            "claim, cancel and expiry fired together end in one state with its event, 1,000 times",
            "Of claim, cancellation and expiry exactly one wins", "of 500 concurrent claims of one link one wins"),
        ContractRule(
            "A link past its time is never claimable and reads as EXPIRED, with or without an expiry worker",
            "a link past its time reads as expired and cannot be claimed, with no expiry worker at all",
            "A link past its time by the database's clock is not claimable, whatever its status still says"),
        ContractRule(
            "A failed settlement opens its link again, or leaves it expired, and tells",
            "a returned ACH payment opens the link again and takes the money back",
            "A failed settlement of a link whose time has passed leaves it expired"),
    ]

    static let claims = [
        ContractRule(
            "Method and destination agree; routing numbers, account numbers, addresses and chains are checked",
            "A method and a destination's type belong together", "One wrong digit is always noticed",
            "One letter of the wrong case breaks the checksum, whichever it is", "A chain's name is read in any case",
            "every wrong request is refused by name, all of its fields at once, and writes nothing"),
        ContractRule("A name is cut to what a bank file carries", "A name is cut to a file's 22 characters"),
        ContractRule(
            "What a rail cannot carry is 422", "A sub-cent amount goes by USDC alone",
            "every refusal has its code, moves nothing, and is readable again at its claim's address"),
        ContractRule(
            "A wallet cannot be spent by someone who only knows its id, on any route, batch included",
            "a wallet cannot be spent by someone who only knows its id, on any route, batch included",
            "A wallet is spent from by its organization's key, or by anyone if its owner said so"),
        ContractRule(
            "A wallet claim is settled at once; ACH is pending, and USDC awaits its payment, until the rail reports",
            "a wallet claim moves both balances at once",
            "a rail's claim waits for its money, and settles through the simulator"),
        ContractRule(
            "What is not decided in time, or not waited for, is 202 with an address; Prefer decides the wait",
            "a wait is as long as its caller prefers, and its end is no failure", "Preferences decide the wait",
            "a claim that is not waited for is readable from the first instant, before and after its decision"),
        ContractRule(
            "A 202 is kept, whatever dies",
            "parts are killed and restarted under load, and nothing that was promised is lost",
            "a worker killed at any step leaves one effect and an empty queue"),
        ContractRule(
            "An id that nobody gave out is 404; one given out too long ago is not PROCESSING for ever",
            "an invented claim id names nothing, on its own link and on another",
            "an id that was given out long ago and that nothing came of is not PROCESSING for ever"),
        ContractRule(
            "Each refusal has its code and details, and is readable at its address",
            "every refusal has its code, moves nothing, and is readable again at its claim's address",
            "Each defect by itself is refused with its own code"),
        ContractRule(
            "Without the broker's confirm: 503, Retry-After, nothing promised",
            "a broker that is down is answered with 503 within the wait, and promises nothing"),
        ContractRule("A payer of USDC gets instructions", "A payer of USDC is told where, how much and until when"),
        ContractRule(
            "USD and USDC are exchanged at par, each currency summing to zero",
            "USDC into a dollar wallet is exchanged at par, and each currency still sums to zero"),
    ]

    static let idempotency = [
        ContractRule(
            "50 equal requests at once have one effect and 50 equal answers, on each of the four routes",
            "50 equal requests at once have one effect and 50 equal answers, on each route",
            "50 equal claims with one idempotency key have one effect and 50 equal answers"),
        ContractRule(
            "The key stands in the header or the body; a repeat says so",
            "the key may stand in the body as well as in the header, on each route"),
        ContractRule(
            "Another body under the same key is 409 IDEMPOTENCY_KEY_REUSE",
            "an idempotency key with another body is refused, and the first outcome stays"),
        ContractRule(
            "What still runs is 409 IDEMPOTENCY_IN_PROGRESS with Retry-After for those whose wait is over",
            "what still runs is 409 for those who will not wait, and the first outcome later"),
        ContractRule(
            "A key counts within its organization or link, environment and route",
            "a key is another key for another organization, environment, route and link",
            "An idempotency key counts within its scope and route, and nothing runs over from one to the next"),
        ContractRule(
            "Keys are kept for at least a day, as configured, and pruned after",
            "a key is kept for as long as is configured, and pruned after",
            "Old keys and results of repeated jobs are pruned, a bounded number at once; young ones stay"),
        ContractRule(
            "A keyless claim that equals the winner gets its outcome, for some minutes",
            "a retry without a key that equals the winner gets the winner's outcome"),
    ]
}
