/// What a link promises before money moves.
extension ContractRule {
    static let offers = [
        ContractRule(
            "A usdc claim is an offer: it takes no link and moves no money until its payment is seen",
            "a claim by USDC that never pays locks nothing: another payer pays, and the payee can cancel",
            "An offer is accepted, takes nothing, and leaves the link to others",
            "An offer that never pays locks nothing, and the first that is paid takes the link"),
        ContractRule(
            "The first offer whose payment the rail sees wins; every other payment goes to suspense once, with a label",
            "the first offer whose payment is seen takes the link and is pending; the other's money is kept",
            "The first payment that is seen wins; another one is kept in suspense, once, when it is final",
            "Offers that two workers are told of at once end in one winner, and every other payment in suspense",
            "Too little goes to suspense and takes nothing; too much settles, and the surplus goes to suspense",
            "A second transfer for a paid offer goes to suspense, and its failure does not undo the first",
            "Outcomes of an offer that come twice or out of order move the ledger once"),
        ContractRule(
            "payBefore is always set, never after the link's end, and enforced",
            "payBefore is never after the link's end", "an offer expires at payBefore, and its money is late",
            "An offer ends after its lifetime, and never later than its link",
            "A payment after payBefore is late, even if its offer has not expired yet; one instant before it is not",
            "An offer reads as EXPIRED once its time has passed, and the worker ends it; its money is late",
            "Locked offers do not keep others from expiring"),
        ContractRule(
            "A link has at most 16 open offers; a displaced offer's money wins until its payBefore",
            "an equal offer without a key is answered with the open one, and 17 offers leave 16 open",
            "The 17th offer displaces the oldest, and the 18th the one after it",
            "A link holds 16 open offers; the displaced one's money still wins"),
        ContractRule(
            "An equal keyless usdc claim gets the open offer again",
            "An equal claim without a key gets the open offer again; with a key, or once displaced, another is made"),
        ContractRule(
            "USDC instructions name only addresses that the operator configured, in the sandbox too",
            "sandbox instructions name the configured address only, and without one there is no usdc",
            "Without an address of the operator's, the sandbox makes no offer",
            "The sandbox's instructions name its own address, whatever production's is"),
        ContractRule(
            "The sandbox takes base-sepolia, and production does not",
            "the sandbox takes base-sepolia, and production does not", "The test network pays sandbox links only"),
        ContractRule(
            "Offers are told apart by their claim, also between payees",
            "two equal offers of two payees are told apart, and each payment reaches its own link"),
        ContractRule(
            "An ach claim that is not submitted, and an open offer, can be released by payer or payee; the rail and a "
                + "release race, and one wins",
            "the payer releases a bank debit with its own body: the ledger is reversed and the link is open",
            "the payee releases the claim that holds the link, once, and names an open offer",
            "what the rail has submitted or settled is not released",
            "A release and the rail's submission of one claim race, and exactly one of them counts",
            "A rail that acts on a released debit brings money to suspense, once, and never to the payee",
            "the sandbox's rail moves nothing for a released debit"),
        ContractRule(
            "Production takes and lists only the methods that a rail carries, and refuses others before any promise",
            "without a rail, a production claim is refused on every path before anything is promised or stored",
            "with a rail of the operator's, production takes its method and no other",
            "A production claim that no rail carries is refused, and the rail is not asked",
            "Only methods that a rail carries are accepted, and none on a link that cannot be claimed"),
        ContractRule(
            "Instructions name only the address that the operator configured",
            "a rail for USDC sends payers to the configured address"),
        ContractRule(
            "acceptedMethods is empty where the link cannot be claimed", "links that cannot be claimed list no method"),
        ContractRule(
            "A link whose winner is pending is being paid; one whose winner is settled has been paid",
            "A link that is taken gives no offer again, and says whether it is being paid or has been paid"),
    ]
}
