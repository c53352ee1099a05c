/// What wallets' owners, receivers of webhooks and rails can rely on.
extension ContractRule {
    static let wallets = [
        ContractRule(
            "Wallets are made, listed, read, changed, frozen and released, with their fields",
            "a wallet is made, shown, changed, frozen and released, with the same fields each time",
            "lists go from new to old, page by page, and end"),
        ContractRule(
            "Sandbox money is at most 10,000.00 a call and for the sandbox alone; its own route takes numbers",
            "sandbox money has a limit, and is for the sandbox", "The sandbox takes numbers as well"),
        ContractRule(
            "A frozen wallet pays nothing and is not funded; it is read and receives",
            "a frozen payee receives, and pays nothing until it is unfrozen"),
        ContractRule(
            "Entries, holds and transactions are told, and a transaction's entries sum to zero",
            "what a rail works on is a hold, and a transaction's entries sum to zero",
            "The entries of a step sum to zero in each currency"),
        ContractRule(
            "No wallet spends more than it has", "ten claims on one payer's wallet spend no more than it has",
            "Two workers that spend from one wallet spend no more than it has"),
        ContractRule(
            "The books can be audited",
            "an audit ends with 0 while the books are right, and with 1 and the rule when a row is not",
            "Each planted breach is found, by its own check and by no other"),
    ]

    static let webhooks = [
        ContractRule(
            "Endpoints are made, shown, changed, rotated and removed; the secret shows once",
            "an endpoint is made, shown without its secret, changed, rotated and removed"),
        ContractRule(
            "A replaced secret signs too for a day",
            "While a secret is being replaced, the previous one signs too, in second place"),
        ContractRule(
            "Both signature forms are sent, and the id stays the same over retries",
            "Both forms are sent, each with its own key out of the one secret",
            "an event arrives signed, once, with its id in body and header",
            "an endpoint that fails gets the same event again, then it is dead and can be retried"),
        ContractRule(
            "Events have the contract's fields, link events their data",
            "An event has exactly the contract's five fields", "A claimed link's event tells the link and the claim",
            "A failed claim's event tells why, and the link's status after it"),
        ContractRule(
            "An event reaches the endpoints of its own organization and environment only",
            "an event reaches the endpoints of its own organization and environment, and no others"),
        ContractRule(
            "Redelivery, replay, tests and the feed work",
            "events are replayed since a time, and one delivery is sent again",
            "a test is sent at once, and says what it brought",
            "the feed gives every event once, in order, and waits for the next"),
        ContractRule(
            "Dead deliveries are listed, retried and discarded",
            "an endpoint that fails gets the same event again, then it is dead and can be retried"),
        ContractRule(
            "The schedule has ten attempts with jitter, Retry-After counts, 410 and five days of failure disable",
            "The tenth failed attempt was the last", "Each pause is its own, a tenth more or less",
            "Retry-After is waited for", "410 disables an endpoint, and its neighbours are told",
            "an endpoint that has failed for five days is disabled at its next failure"),
        ContractRule(
            "No delivery goes to an address inside, in any spelling, or after a changed DNS answer",
            "An address in the URL is judged like an answer",
            "What the next lookup says is checked anew"),
        ContractRule(
            "A slow endpoint does not delay another", "a thousand endpoints that never answer do not slow one that does"
        ),
    ]

    static let limits = [
        ContractRule(
            "Each organization and key has its rate, each address without a key its own; 429 says when to come back",
            "a key's own limit holds it, is told on each answer, and is changed over HTTP",
            "Callers over their rate are told how long to wait",
            "Subjects have buckets of their own, and a bounded number of them"),
        ContractRule(
            "A key's limit is configurable, and no key gives a higher one than it has",
            "a key gives no higher limit than it has, not even to itself"),
        ContractRule("One flooding key does not slow the others", "one flooding key does not slow the others"),
        ContractRule(
            "A full gateway refuses at once with 503 and Retry-After, and recovers",
            "a full gateway refuses at once, keeps what it has, and takes more as soon as it can"),
        ContractRule(
            "Slow, silent and noisy connections do not stop service to others",
            "silent and slow connections do not stop service to others",
            "heads that never end and silent connections are closed, and others are served meanwhile",
            "a body that trickles in is given up, and takes nobody's place",
            "connections beyond the bound wait for one that ends"),
        ContractRule(
            "The gateway's memory stays flat under good and bad input",
            "the gateway's memory stays within 20 percent, whatever it is sent"),
        ContractRule(
            "Batches are answered line by line, in order, as results come",
            "1,500 links are made and claimed in two requests, answered line by line in their order",
            "a line is answered before the next is sent"),
        ContractRule(
            "One bad line harms no other", "one bad line harms no other, and is told what a request of its own would be"
        ),
        ContractRule(
            "Each line has its own idempotency key, the same as on the route of its own",
            "a line's idempotency key is the same key on the route of its own"),
        ContractRule(
            "A batch has at most 10,000 lines and reads no further than its answers go",
            "a batch has 10,000 lines at most, and the line after that says so",
            "a batch that nobody reads is not read on, and its sender is let go",
            "as many batches as there are slots are worked on, and others are told to come back"),
        ContractRule(
            "A batch is no way round limits or authority", "a batch is no way round the rate limit",
            "a line of a batch reaches no further than a request of its own"),
    ]

    static let jobs = [
        ContractRule(
            "Account numbers never travel or rest in the clear", "an account number rests and travels sealed alone",
            "An account number never travels in the clear"),
        ContractRule("Sealing keys are rotated", "After a rotation the new key seals and the old one still opens"),
        ContractRule(
            "Settlements and outcomes are versioned messages with the contract's fields",
            "A settlement message has exactly the contract's fields", "A rail's outcome keeps every fact",
            "An unknown version is not guessed at"),
        ContractRule(
            "A job delivered twice has one effect; an outcome twice or out of order moves the ledger once",
            "every job delivered twice has one effect",
            "every outcome delivered twice and out of order moves the ledger once"),
        ContractRule(
            "A job that cannot be done is set aside alone, with its reason",
            "a poison job among 250 good ones is alone in the dead letters"),
        ContractRule(
            "Queues are durable, bounded, and keep their dead letters",
            "Work queues are durable quorum queues with a bound, a delivery limit and dead letters that are not lost"),
    ]
}
