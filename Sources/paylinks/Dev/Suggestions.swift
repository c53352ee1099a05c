import Foundation

/// What to try first with a system that has just started.
enum Suggestions {
    static func text(for record: DevelopmentRecord, home: DevelopmentHome) -> String {
        """

        Payment links are at \(record.baseURL). Create one, look at it, and pay it from a wallet:

          SLUG=$(curl -s \(record.baseURL)/v1/payment-links \\
            -H 'Authorization: Bearer \(record.apiKey)' -H 'Content-Type: application/json' \\
            -d '{"walletId":"\(record.payeeWalletId)","amount":"12.50","description":"Tea"}' | jq -r .slug)
          curl -s \(record.baseURL)/v1/payment-links/claim/$SLUG
          curl -s \(record.baseURL)/v1/payment-links/claim/$SLUG/claim \\
            -H 'Authorization: Bearer \(record.apiKey)' -H 'Content-Type: application/json' \\
            -d '{"method":"wallet","destination":{"type":"WALLET","walletId":"\(record.payerWalletId)"}}'

        Addresses, keys, process ids, and restarts: \(home.record.path)
        Logs: \(home.folder.appendingPathComponent("logs").path) (restarts.log: processes that ended by themselves)
        Ctrl-C ends everything; the data stays for the next time.
        """
    }
}
