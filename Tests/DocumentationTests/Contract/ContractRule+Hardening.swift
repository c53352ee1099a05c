/// How components are kept apart.
extension ContractRule {
    static let hardening = [
        ContractRule(
            "A component without the job key cannot forge a payer's authority, and one without a rail's key no outcome",
            "a forged job and a forged outcome become dead letters and move nothing",
            "claims of every method settle when every message carries a MAC",
            "A changed job, another kind, another key, and a missing MAC are refused; the policy admits unsigned jobs"),
        ContractRule(
            "One rail cannot report an outcome for another rail's claim",
            "an outcome that another rail's key signed changes nothing",
            "An outcome's MAC proves its rail, with null members and with every kind"),
        ContractRule(
            "Unsigned messages are accepted until a setting requires MACs",
            "unsigned messages are accepted until the setting requires MACs"),
        ContractRule(
            "The webhook worker cannot open bank accounts; webhook secrets move to keys of their own",
            "webhook secrets have keys of their own, and old secrets are resealed"),
        ContractRule(
            "Each service has a database user and a broker user of its own, with the rights that it needs",
            "the whole system works when each service has only its own rights",
            "a service's user cannot touch what belongs to another service",
            "every table is in the grants, and money is changed by the gateway and the claim worker alone",
            "Every role has a database user and a broker user of its own, and no capability"),
        ContractRule(
            "Every role runs without capabilities on a read-only file system",
            "a role runs without rights on a read-only file system"),
        ContractRule(
            "The uses of a sealing key are counted, and a rotation is requested in time",
            "The uses of the sealing key are counted, and its fingerprint tells it from others of its name",
            "the uses of a sealing key are added up in the database"),
        ContractRule(
            "A payer's e-mail address is stored as a keyed digest only",
            "the database holds a digest of a payer's e-mail address and never the address"),
    ]
}
