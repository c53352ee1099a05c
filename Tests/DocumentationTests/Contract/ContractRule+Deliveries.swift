/// How deliveries and other queues of rows make progress.
extension ContractRule {
    static let deliveries: [ContractRule] = [
        ContractRule(
            "A walk through the dead deliveries by cursor skips nothing while entries leave the list",
            "a walk by cursor that ends each entry reaches every one", "the Swift client walks by cursor",
            "the command line retries and discards every dead delivery, and lists them page by page",
            "an offset still skips, and is refused beside a cursor"),
        ContractRule(
            "Only the holder of a delivery's current lease records a failure",
            "a frozen worker's late 500 changes nothing after another worker's 200",
            "A late failure changes nothing: neither the delivery, nor its attempts, nor the endpoint",
            "A late failure does not count while the holder of the lease is still at work",
            "A lease that was taken over cannot be given back",
            "a worker that goes on after a pause sends nothing that another worker has taken over"),
        ContractRule(
            "A success always counts, and ends the attempts of its delivery",
            "a frozen worker's late 200 after another worker's 500 delivers the event and ends its attempts",
            "A late success marks the delivery as delivered, and the endpoint as well",
            "A late success counts for a delivery that was given up",
            "A failure of an attempt that began before the endpoint's last success does not make the endpoint failing"),
        ContractRule(
            "An endpoint in back-off shows its end and the last failure, and so do its pending deliveries",
            "an endpoint in back-off shows its end and the last failure, and so do the deliveries that wait for it",
            "The endpoint and its pending deliveries show its end and the last failure"),
        ContractRule(
            "A successful test, or the owner's change of the endpoint, ends its back-off in every worker",
            "a test that arrives ends the back-off at once, in every worker",
            "A test that arrives ends it, and every worker learns of the recovery; the count of failing days goes on",
            "Enabling or moving the endpoint ends it"),
        ContractRule(
            "Queues of rows step over rows that another session holds",
            "a link expires at once while a session holds as many overdue links as a batch has", "Expiry",
            "The relay of the outbox", "Due deliveries and tests", "Pruning of old deliveries",
            "Pruning of old events", "Pruning of idempotency keys, jobs' results and refused claims",
            "The end of deliveries to a deleted endpoint",
            "The recording of attempts puts off those whose delivery is held, and counts them later"),
        ContractRule(
            "A row that another session holds delays only the work that needs it, and that work is done once, later",
            "claims that need no held row are decided, and the others once it is free, exactly once",
            "a claim that waits for a held row survives its worker, and is paid once",
            "outcomes that need no held row are applied, and the others once it is free",
            "links for other wallets are created while one wallet is held",
            "a change of a held link gets 503 with nothing done, and other requests are answered"),
        ContractRule(
            "Work that waits behind a frozen process shows in metrics of another role",
            "a frozen claim worker shows in the depth of its queue, and a thawed one empties it",
            "work that rows keep shows its age while no worker does it"),
    ]
}
