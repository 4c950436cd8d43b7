import CloseoutOpenSSL

/// Which operator each public key has signed for, in the signatures over one content.
///
/// An authority may certify one key under several names. Whoever has that key, or copies what it
/// signed to another of its names, still is one operator: that of the key's first signature.
///
/// Implements "Thresholds" of docs/trust-policy.md.
package struct KeyOperators {
    private var operators: [PublicKey: String] = [:]

    /// Begins with no signature.
    package init() {}

    /// A signature after those before it, in the order of the log.
    ///
    /// - Returns: The result; refused, if it would count and its key did so for another operator.
    package mutating func result(_ result: SignatureResult) -> SignatureResult {
        guard result.effect == .counts, !result.roles.isEmpty, let signer = result.key
        else { return result }
        for key in signer.material.publicKeys {
            let first = operators[key] ?? signer.operator
            guard first == signer.operator else {
                let reason = "its key counts for \(first) already, and for one operator only"
                var refused = result
                refused.outcome = .certificate(.chain(reason))
                return refused
            }
            operators[key] = first
        }
        return result
    }
}
