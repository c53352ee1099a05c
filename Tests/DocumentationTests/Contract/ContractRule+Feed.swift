/// In what order events are reported.
extension ContractRule {
    static let feed = [
        ContractRule(
            "sequence numbers a link's events; a cause precedes its effect, and the feed returns them in that order",
            "a payment that settles and is returned in one instant is told in this order, for every link",
            "A claim's events have the order of their sequence, whatever their ids and times say",
            "the end of a link is counted too, whichever it is",
            "A rail's outcomes go on from the claim's number",
            "A link that is given back counts on from the claim's last event, and from its own expiry"),
        ContractRule(
            "A wallet claim sends claimed and settled; link events carry claimStatus",
            "a wallet's claim sends claimed and settled, in this order, with the claim's status",
            "A wallet's claim sends claimed and settled, in this order, and counts both"),
        ContractRule(
            "A cursor is an exact position: the feed and a replay always advance",
            "a replay comes to its end with more events of one instant than one call sends",
            "Events from before positions come first, by their ids, and cursors of that time go on exactly",
            "A scoped reader's cursor goes past the events that it may not see"),
        ContractRule(
            "Only transactions that write events hold the feed back, and none is passed over whatever the role may see",
            "a writing transaction of another program does not hold the feed back",
            "a gateway whose role has grants on tables alone passes over no event",
            "A reader whose role has grants on tables alone passes over no event of concurrent writers",
            "An event is not passed over while its transaction is open, and those after it wait for it",
            "a transaction that wrote events and does not end is told as the feed's lag"),
        ContractRule(
            "A key with a walletScope reads the feed and registers webhooks, and gets only the events of its wallets",
            "the feed of a scoped key has the events of its wallets, in order, and no others",
            "a scoped key waits for the next event of its wallets, past those of others",
            "an endpoint that a scoped key registers gets the events of its wallets, also once the key is revoked",
            "a scoped key sees and changes the endpoints within its scope alone",
            "dead deliveries of other wallets are not there for a scoped key",
            "a key that reaches one wallet listens to the events of that wallet alone"),
        ContractRule(
            "GET /v1/payment-links/:id with Prefer: wait holds the answer until the link or its claim changes",
            "an answer is held until the link is claimed, and again until its claim is settled",
            "an answer is held for as long as was asked where nothing changes",
            "a link that cannot change any more is answered at once",
            "an invented link, another organization's and one out of scope are not waited for"),
    ]
}
