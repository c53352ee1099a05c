/// What the clients, the command line, and generated clients do.
extension ContractRule {
    static let tools: [ContractRule] = [
        ContractRule(
            "The Swift client takes any time limit above zero, or none, and sends waits as whole seconds up to 30",
            "a long time limit, and none, are one request that takes its time",
            "a wait is sent as whole seconds from 1 to 30, and nothing to wait for asks for an immediate response",
            "a time limit of zero is a programmer error", "a negative number of retries is a programmer error",
            "a tolerance that is not a number is a programmer error"),
        ContractRule(
            "The JavaScript client refuses options out of range by name, and counts time limits beyond a timer's range",
            "the JavaScript client tells the guide's story, and all of its own tests pass"),
        ContractRule(
            "The command line sends a key only to an address from the same source, or uses a development system's record "
                + "as a whole",
            "a key from the environment does not go to the address of a development system's record",
            "an address from the environment or an option does not get the key of a development system's record",
            "a record of one's own with mode 0600 is used as a whole",
            "a command does not combine one system's database with another's broker",
            "a redirect takes no key elsewhere"),
        ContractRule(
            "A development system's record counts only as the user's own regular file with mode 0600",
            "a record that is not one's own private file is refused, with the reason",
            "a file that others may open in any way is not read", "a file of another user is not read",
            "a link, a folder, a pipe, and a file without an end are not read"),
        ContractRule(
            "Secrets come by file or standard input; options that show them to other users warn",
            "a key comes from a file and from standard input, and neither warns",
            "an address with a password on the command line warns, and one without does not"),
        ContractRule(
            "The command line shows a refusal's message and code, and says when a list is empty",
            "a refusal of the API is its message, its code, and the remedy, without JSON and without usage",
            "endpoints and deliveries are listed, and sent again"),
        ContractRule(
            "`paylinks dev` counts and logs the processes that it starts again",
            "a process that ends by itself is started again, counted in a private record, and logged"),
        ContractRule(
            "The names in openapi.yaml do not collide in generated clients",
            "every enumeration has a schema of its own", "no inline type gets the name of a schema",
            "a request's type has all of its members, whatever its conditions are",
            "every inline schema of an error has a title, so that its type has a stable name"),
    ]
}
