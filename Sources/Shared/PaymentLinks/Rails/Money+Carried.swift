extension Money {
    /// The same value as the method's rail carries it, of a claim that was accepted.
    package func carried(by method: ClaimMethod) -> Money {
        method == .ach ? inCurrency(.usd) : inCurrency(.usdc)
    }
}
