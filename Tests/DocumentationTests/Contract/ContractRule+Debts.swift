/// What happens to money that was returned after it was spent, and who may open, read, and hand on what.
extension ContractRule {
    static let debts = [
        ContractRule(
            "Every credit pays a wallet's debt first, in the same transaction, shown in entries, JSON, and events",
            "every credit pays a wallet's debt first, and entries, JSON, and events show it",
            "Every kind of credit pays the debt first, and the wallet's entries and events show it",
            "A credit pays the wallet's debt first, and the rest can be spent",
            "A batch decides as its jobs would be decided one after the other, and never breaks a rule"),
        ContractRule(
            "A debt that changes while a batch is decided is paid as it then is; a redelivery pays it once",
            "A payee's debt that changes after it was read is paid as it then is",
            "a settlement that pays a debt pays it once, delivered twice and after a worker was killed",
            "A settlement that is applied twice pays the debt once"),
        ContractRule(
            "Money that was held beside a debt before pays it when the schema is migrated",
            "A wallet that holds money beside a debt pays it, with entries and an event that the audit accepts"),
        ContractRule(
            "The audit and the database refuse money beside a debt", "The database refuses money beside a debt",
            "Each planted breach is found, by its own check and by no other"),
        ContractRule(
            "A wallet in debt cannot pay, and only a key that may read its balance is shown why",
            "a wallet in debt cannot pay, and only a key that may read its balance is shown why",
            "In a batch, a wallet in debt pays only after the credits before have paid its debt"),
        ContractRule(
            "A link whose settled money was returned reopens if its organization's reopenAfterReturn is on; default on "
                + "in the sandbox, off in production",
            "a link whose settled money was returned reopens in the sandbox, and stays claimed where that is off",
            "an organization chooses for each environment, with a key that reaches all wallets",
            "A link stays CLAIMED after its settled money was returned, if its organization says so"),
        ContractRule(
            "Making a wallet public takes payments:write and wallets:write, read from the database",
            "opening a wallet to public claims takes payments:write and wallets:write, closing it wallets:write",
            "a key that was revoked elsewhere opens no wallet, although its gateway remembers it"),
        ContractRule(
            "Without wallets:read, balance members are null in every body",
            "without wallets:read, every balance in every body is null",
            "an endpoint that was set up without wallets:read is sent events without balances",
            "A wallet's event keeps everything but its balances, and any other event is left alone"),
        ContractRule(
            "A key can change or revoke only keys that it covers",
            "a key changes, renames, and revokes only keys that it covers"),
        ContractRule(
            "createdBy is recorded, and a revocation can cascade",
            "a key records its creator, and a revocation can take all that descend from it",
            "a cascade stops at a descendant that was broadened beyond the revoking key, and revokes none",
            "Keys that are created while their creator is revoked in cascade are revoked too, or not created",
            "the command line revokes in cascade too"),
        ContractRule(
            "A revoked key leaves nothing behind that outlives it, wherever it was revoked",
            "a key that was revoked elsewhere makes, changes, and revokes no key within the cache's time",
            "a key that was revoked elsewhere sets up no webhook endpoint, although its gateway remembers it"),
        ContractRule(
            "Keys of an organization are bounded",
            "an organization has a bounded number of keys, and a revoked one makes room",
            "An organization has no more keys than its bound, however many ask at once; ended ones do not count"),
    ]
}
