/// Computes any number of digests of one message in one pass.
///
/// A message is hashed once for each algorithm and form, whatever is to follow it, so that the work does
/// not grow with the number of digests.
package struct MessageHasher: ~Copyable {
    private let strands: [Strand]

    /// Begins the digests.
    package init(_ digests: Set<MessageDigest>) throws(OpenSSLError) {
        var strands: [Strand] = []
        for digest in digests {
            if let strand = strands.first(where: { $0.serves(digest) }) {
                strand.suffixes.append(digest.suffix)
            } else {
                strands.append(try Strand(digest))
            }
        }
        self.strands = strands
    }

    /// Adds the next bytes of the message.
    package borrowing func update(_ piece: borrowing Span<UInt8>) throws(OpenSSLError) {
        for strand in strands { try strand.update(piece) }
    }

    /// Ends the message.
    package consuming func finish() throws(OpenSSLError) -> [MessageDigest: [UInt8]] {
        var found: [MessageDigest: [UInt8]] = [:]
        for strand in strands { try strand.finish(into: &found) }
        return found
    }
}

/// A message on its way through one algorithm in one form.
private final class Strand {
    private let algorithm: DigestAlgorithm
    private let form: MessageForm
    var suffixes: [[UInt8]]
    private var context: DigestContext
    private var lines = TextLines()

    init(_ digest: MessageDigest) throws(OpenSSLError) {
        var context = try DigestContext(digest.algorithm)
        try context.update(digest.form.header)
        algorithm = digest.algorithm
        form = digest.form
        suffixes = [digest.suffix]
        self.context = context
    }

    func serves(_ digest: MessageDigest) -> Bool {
        digest.algorithm == algorithm && digest.form == form
    }

    func update(_ piece: borrowing Span<UInt8>) throws(OpenSSLError) {
        guard form != .itself else { return try context.update(piece) }
        try lines.convert(piece) { text throws(OpenSSLError) in try context.update(text) }
    }

    func finish(into found: inout [MessageDigest: [UInt8]]) throws(OpenSSLError) {
        if form != .itself {
            try lines.end { text throws(OpenSSLError) in try context.update(text) }
        }
        for suffix in suffixes {
            let digest = MessageDigest(algorithm, of: form, followedBy: suffix)
            found[digest] = try context.finish(appending: suffix)
        }
    }
}
