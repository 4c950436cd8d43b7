import CloseoutEncodings
import CloseoutOpenSSL

/// A list of digests in BSD lines, `SHA256 (name) = digest`, as releases of OpenBSD carry it.
///
/// Implements "signify" of docs/signatures.md.
struct DigestList {
    /// The exact bytes, over which the list is signed.
    let bytes: [UInt8]
    private let entries: [Entry]

    private struct Entry {
        let algorithm: DigestAlgorithm
        let name: [UInt8]
        let digest: [UInt8]
    }

    private static let longestName = 1023

    /// Reads a list of at least one line; every line ends in LF, and none says a thing twice.
    ///
    /// - Throws: `SignatureError.embeddedMessage` for another message, `.digestList` for what begins as a
    ///   list and is none.
    init(parsing text: ArraySlice<UInt8>) throws(SignatureError) {
        var rest = text
        guard takeLine(from: &rest).map(Self.isLikely) == true else { throw .embeddedMessage }
        guard text.last == UInt8(ascii: "\n") else {
            throw .digestList("its last line has no line end")
        }
        rest = text
        var entries: [Entry] = []
        var seen: Set<[UInt8]> = []
        while let line = takeLine(from: &rest) {
            let place = "line \(entries.count + 1)"
            guard let entry = Self.entry(line) else {
                throw .digestList(
                    "\(place) is not `SHA256 (NAME) = DIGEST` or the same with SHA512")
            }
            let name = Array(entry.algorithm.rawValue.utf8) + [0] + entry.name
            guard seen.insert(name).inserted else {
                throw .digestList("\(place) names \(printable(entry.name)) a second time")
            }
            entries.append(entry)
        }
        bytes = Array(text)
        self.entries = entries
    }

    /// The digests that it has of files.
    var digests: Set<MessageDigest> { Set(entries.map { MessageDigest($0.algorithm) }) }

    /// Whether a line looks like one of such a list, whatever its algorithm.
    private static func isLikely(_ line: [UInt8]) -> Bool {
        let label = line.prefix { $0 != UInt8(ascii: " ") }
        return (3...16).contains(label.count)
            && line.dropFirst(label.count).starts(with: " (".utf8)
            && line.contains(UInt8(ascii: "="))
    }

    /// A name ends at the first closing parenthesis: none can be in it.
    private static func entry(_ line: [UInt8]) -> Entry? {
        for (label, algorithm) in [("SHA256 (", DigestAlgorithm.sha256), ("SHA512 (", .sha512)] {
            guard line.starts(with: label.utf8) else { continue }
            let rest = line.dropFirst(label.utf8.count)
            let name = Array(rest.prefix { $0 != UInt8(ascii: ")") })
            let end = Array(") = ".utf8)
            let tail = rest.dropFirst(name.count)
            guard (1...longestName).contains(name.count), isPlain(name), tail.starts(with: end),
                let digest = decoded(Array(tail.dropFirst(end.count)), size: algorithm.size)
            else { return nil }
            return Entry(algorithm: algorithm, name: name, digest: digest)
        }
        return nil
    }

    private static func isPlain(_ name: [UInt8]) -> Bool {
        (try? checkComment(name, longest: longestName, name: "")) != nil
            && !name.contains(UInt8(ascii: "\t"))
    }

    private static func decoded(_ text: [UInt8], size: Int) -> [UInt8]? {
        guard let digest = Hex.decode(text) ?? Base64.decode(text), digest.count == size else {
            return nil
        }
        return digest
    }

    /// What the list says of a file, which it must name as it was given or by its last component.
    func check(
        onFileNamed path: [UInt8], holding content: Message
    ) throws(OpenSSLError) -> SignatureCheck {
        let last = path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? path
        let own = entries.filter { $0.name == path || $0.name == last }
        guard !own.isEmpty else {
            return .otherContent("the signed list does not name \(printable(last))")
        }
        for entry in own {
            guard try content.digest(MessageDigest(entry.algorithm)) == entry.digest else {
                return .otherContent("the signed list has another digest for \(printable(last))")
            }
        }
        return .verifies
    }
}
