import CloseoutOpenSSL

/// What time-stamps may be over (docs/signatures.md, "Time-stamps").
///
/// Each is hashed once by each algorithm, however many tokens ask for it.
struct StampedSubjects {
    private let subjects: [[UInt8]]
    private var digests: [DigestAlgorithm: Set<[UInt8]>] = [:]

    init(_ subjects: [[UInt8]]) {
        self.subjects = subjects
    }

    /// Whether one of them is what was stamped, by SHA-256 or better.
    mutating func contain(_ imprint: TimeStampToken.Imprint) throws(OpenSSLError) -> Bool {
        guard let algorithm = DigestAlgorithm(objectIdentifier: imprint.algorithm) else {
            return false
        }
        if let known = digests[algorithm] { return known.contains(imprint.digest) }
        var all: Set<[UInt8]> = []
        for bytes in subjects { all.insert(try algorithm.digest(of: bytes)) }
        digests[algorithm] = all
        return all.contains(imprint.digest)
    }
}
