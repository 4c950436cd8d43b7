package import CloseoutEncodings
package import CloseoutOpenSSL

/// A policy that another has taken the place of, as the later one lists it.
///
/// Implements "Earlier policies" of docs/trust-policy.md.
package struct EarlierPolicy: Equatable, Sendable {
    /// The digest of the policy file's bytes.
    package let digest: SHA256Digest
    /// When another took its place; nil where nobody wrote that down.
    package let until: Instant?

    /// Whether it may have been in force at an instant.
    package func wasInForce(at instant: Instant) -> Bool {
        until.map { instant <= $0 } ?? true
    }
}

extension PolicyReader {
    /// Reads the list of earlier policies, which may be absent.
    func earlier(_ item: JSONItem?) throws(JSONShapeError) -> [EarlierPolicy] {
        guard let item else { return [] }
        let items = try item.array()
        guard (1...TrustPolicy.mostEarlier).contains(items.count) else {
            throw item.invalid("must hold 1 to \(TrustPolicy.mostEarlier) earlier policies")
        }
        var known: Set<SHA256Digest> = []
        var all: [EarlierPolicy] = []
        for item in items {
            let policy = try earlierPolicy(item)
            guard known.insert(policy.digest).inserted else {
                throw item.invalid("\(policy.digest.hex) appears twice")
            }
            all.append(policy)
        }
        return all
    }

    private func earlierPolicy(_ item: JSONItem) throws(JSONShapeError) -> EarlierPolicy {
        if case .string = item.value {
            return EarlierPolicy(digest: try item.digest(), until: nil)
        }
        var reader = try item.object()
        let digest = try reader.digest("sha256")
        let until = try reader.optional("until")?.instant()
        try reader.finish()
        return EarlierPolicy(digest: digest, until: until)
    }
}

extension TrustPolicy {
    /// This policy in the place of another: one version on, with the other among the earlier ones.
    ///
    /// Beyond as many as a policy may list the oldest is left out.
    ///
    /// - Parameters:
    ///   - predecessor: The policy as it was before the change.
    ///   - instant: When the change is made.
    ///   - context: How to read key files, and whether sample keys are taken.
    /// - Returns: This policy as it is to be written.
    /// - Throws: `TrustError`, as for a file.
    package func succeeding(
        _ predecessor: TrustPolicy, at instant: Instant, in context: PolicyContext = PolicyContext()
    ) throws(TrustError) -> TrustPolicy {
        var document = document
        let others = zip(predecessor.earlier, predecessor.document.elements("earlier"))
            .filter { $0.0.digest != predecessor.digest }.map(\.1)
        let last: JSON = [
            "sha256": JSON(predecessor.digest.hex), "until": .string(instant.bytes),
        ]
        document.set("version", .integer(predecessor.version + 1))
        document.set("earlier", .array(Array((others + [last]).suffix(Self.mostEarlier))))
        return try TrustPolicy(parsing: document.canonicalBytes, in: context)
    }
}
