import CloseoutEncodings
package import CloseoutOpenSSL

/// What an owner keeps to show it later: one encoded disclosure a line (docs/redaction.md, "Opening").
package struct DisclosureFile: Equatable, Sendable {
    /// The most bytes of the file.
    package static let longest = 64 << 20

    /// The disclosures in their order, each once.
    package private(set) var disclosures: [Disclosure] = []
    private var known: Set<Disclosure> = []

    /// A line that is no disclosure; it is counted from 1.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        /// Which line it is.
        package let line: Int

        package var description: String { "line \(line) is no disclosure" }
    }

    /// Begins with nothing.
    package init() {}

    /// Reads a file.
    ///
    /// - Throws: `Malformed` for the first line that is no disclosure.
    package init(parsing bytes: [UInt8]) throws(Malformed) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where index + 1 < lines.count || !line.isEmpty {
            guard let disclosure = Disclosure(encoded: Array(line)) else {
                throw Malformed(line: index + 1)
            }
            add([disclosure])
        }
    }

    /// Adds what is not there yet.
    package mutating func add(_ more: [Disclosure]) {
        for disclosure in more where known.insert(disclosure).inserted {
            disclosures.append(disclosure)
        }
    }

    /// The file.
    package var bytes: [UInt8] { disclosures.flatMap { $0.encoded + [UInt8(ascii: "\n")] } }

    /// What it has for commitments, by their names; empty for names where it has nothing.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func disclosures(
        of commitments: [SHA256Digest], named names: Set<DisclosedName>
    ) throws(OpenSSLError) -> [Disclosure] {
        let wanted = Set(commitments)
        var found: [Disclosure] = []
        for disclosure in disclosures where names.contains(disclosure.name) {
            if wanted.contains(try disclosure.commitment) { found.append(disclosure) }
        }
        return found
    }
}
