/// How the fields and numbers of a request are read.
extension ContractRule {
    static let requestFields: [ContractRule] = [
        ContractRule(
            "Unknown members are refused by name with the nearest known one, on every way through the gateway",
            "a misspelled restriction never makes an unrestricted link",
            "a claim with a surplus or a misspelled member is refused, and the link stays ACTIVE",
            "Every body refuses what it does not know", "Unknown members of nested objects are named by their way",
            "A misspelled field is refused with the name that was meant",
            "A few slips lead to the name, and no more"),
        ContractRule(
            "Unknown query parameters are refused by name on every route",
            "every route refuses a parameter that it does not take",
            "Unknown parameters are refused, with the name that was meant"),
        ContractRule(
            "A member or parameter that comes twice is refused",
            "A field that comes twice is refused, for no reader can know which one counts"),
        ContractRule(
            "What official clients send is known; maxUses other than 1 is refused by name",
            "What an official client sends is known"),
        ContractRule(
            "Numbers are exact or refused by name", "a number that a wallet cannot hold exactly funds nothing",
            "A number that the wallet cannot hold exactly is refused and not rounded",
            "metadata numbers keep their digits, and another number is another request",
            "A number keeps its digits, in one spelling"),
        ContractRule(
            "Equal digests stand for equal requests only",
            "Numbers that one Double stands for have different canonical forms",
            "Spellings of one number have the same canonical form"),
        ContractRule(
            "Callers' text is counted first, and compared as bytes",
            "Metadata names with combining marks cost about what plain names cost",
            "Unknown names with combining marks cost about what plain names cost",
            "Metadata is counted before any of its names is read",
            "Names that are canonically equal are different names", "Email addresses are compared as bytes"),
        ContractRule(
            "Times are RFC 3339: any number of decimals, leap seconds, lower case, offsets",
            "An ISO 8601 time with a zone is an instant", "A rail writes any time that RFC 3339 allows"),
        ContractRule(
            "An outcome without a time happened when it arrived", "An outcome without a time happened when it arrived",
            "every claim settles and nothing becomes a dead letter"),
        ContractRule(
            "PATCH changes description, expiresAt, and metadata of an ACTIVE link",
            "description, expiry and metadata of an ACTIVE link change, each by itself",
            "a link that is not ACTIVE cannot be changed",
            "a changed expiry takes effect, both when it comes earlier and when it comes later",
            "of a change and a claim that meet, the change comes first or not at all",
            "another organization, environment or scope changes nothing"),
        ContractRule(
            "Messages name the remedy", "a wrong email address is told apart from none",
            "a creator whose amount has too many decimals reads what a creator can do",
            "posting to a link's own address is answered with the way to claim it"),
    ]
}
