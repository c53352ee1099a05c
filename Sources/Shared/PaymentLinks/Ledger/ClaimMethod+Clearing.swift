extension ClaimMethod {
    /// The account of money on its way through the method's rail, for the methods that have one.
    var clearing: Account { self == .ach ? .achClearing : .usdcClearing }
}
