/// What callers without a key, and with many keys, cannot do.
extension ContractRule {
    static let strangers: [ContractRule] = [
        ContractRule(
            "An unknown slug is 404 on the fast path, the router, and batch lines, before anything is queued or stored",
            "an unknown slug is 404 on every way, before anything is queued or stored",
            "A slug is ours with its mark, and with no other mark, random part, or key"),
        ContractRule(
            "Slugs from before the mark, and marks of an earlier key, stay valid",
            "a link without a mark, or with a mark of another key, is read and claimed on every way"),
        ContractRule(
            "A link that was accepted with 202 does not read as unknown before it is created",
            "a link that was accepted a moment ago does not read as unknown, and can be claimed once it is made",
            "a claim that overtakes its link's creation is told to come back, and uses up no key"),
        ContractRule(
            "A link stores a bounded number of refusals; beyond it the same answer is sent, and the link can be claimed",
            "strangers fill a link's refusals to a bound, get the same answers beyond it, and close it to nobody",
            "A link stores 64 refusals of callers without a key, and sends the same refusal beyond that",
            "A link whose bound is used up can be claimed like any other",
            "A claim that may have been refused without a row does not win after its link reopened",
            "a claim that was refused without a row reads as its link does, once it can be decided"),
        ContractRule(
            "Callers without a key have a low rate per address, with a burst of 64",
            "an address without a key has a burst of 64 and little more, and keys are not held to it",
            "An address without a key has a burst of 64, however low its rate"),
        ContractRule(
            "A batch of claims needs a key",
            "every route tells every caller exactly what is due, and nobody of another's objects",
            "a wallet cannot be spent by someone who only knows its id, on any route, batch included"),
        ContractRule(
            "Keyless replay works for 15 minutes, and is off after 8 claims that differ; racers get 409",
            "a winner's account number cannot be guessed, and those who race for a link are never 429",
            "a retry without a key gets the winner's outcome for 15 minutes, and with its key after that as well",
            "After 8 claims that differ, equal claims without a key get the same 409 as the others",
            "A new winner starts without claims that differed"),
        ContractRule(
            "A claim that cannot win has one answer for an allowed and another recipient, and tries are bounded",
            "a restricted link tells a caller who cannot pay nothing of its recipient",
            "A claim that cannot win has one answer for a right and a wrong email address",
            "one caller's tries for a recipient are bounded on every way, and hold up no other caller"),
        ContractRule(
            "Another organization's wallet and one that does not exist have one answer",
            "another organization's wallet and one that does not exist have one answer",
            "A wallet that does not exist and one without authority over it have one answer"),
        ContractRule(
            "Email addresses and names are compared without the case of ASCII letters only",
            "Email addresses are equal without the case of ASCII letters, and byte for byte otherwise",
            "Only A to Z have a lower case"),
        ContractRule(
            "Keys of one organization share its rate, batches, waits, and places for requests in each environment",
            "two keys of one organization have one organization's batches, and another keeps its own",
            "two keys of one organization have one organization's rate, and another keeps its own",
            "two keys of one organization have half of the places for requests, and another keeps the rest",
            "two keys of one organization have one organization's waits, and another keeps its own",
            "The keys of an organization share its rate, in each environment of its own"),
        ContractRule(
            "Blank lines and bytes of a batch are metered, and a batch has a longest duration",
            "blank lines of a batch count against the rate, and end a batch that cannot pay for them",
            "Blank lines count, and so do the bytes of a line that is too long",
            "a batch is read for as long as is configured, and says that the rest was not read"),
    ]
}
