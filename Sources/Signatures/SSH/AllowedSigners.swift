import CloseoutEncodings

/// A file `allowed_signers` of OpenSSH, or a `.pub` file, which has the same lines without names.
///
/// Implements "allowed_signers" of docs/trust-policy.md.
struct AllowedSigners {
    /// The signers in file order; at least one.
    let signers: [Signer]

    /// One line: whose key it is, and when and for what it counts.
    struct Signer: Equatable {
        /// The names before the key; empty for a line of a `.pub` file.
        var principals: [[UInt8]] = []
        var namespaces: [[UInt8]] = []
        var notBefore: Instant?
        var notAfter: Instant?
        /// The number of the line, from 1.
        var line = 0
        /// The key as its own line.
        var key: [UInt8] = []
    }

    private static let comment = UInt8(ascii: "#")

    /// Whether a file looks like one: its first line with a meaning has a type of key as a word.
    static func isLikely(_ file: [UInt8]) -> Bool {
        var rest = endingLinesInLF(file)[...]
        while let line = takeLine(from: &rest) {
            let words = SSHKeyLine.words(line[...])
            guard let first = words.first, first.first != comment else { continue }
            return words.prefix(8).contains(where: SSHKeyLine.isType)
        }
        return false
    }

    /// Reads the lines; those that are empty or begin with `#` have no meaning.
    ///
    /// - Throws: `TrustError.signerLine`, `notAPublicKey` where there is no line with a meaning.
    init(parsing file: [UInt8]) throws(TrustError) {
        var signers: [Signer] = []
        var number = 0
        var rest = endingLinesInLF(file)[...]
        while let line = takeLine(from: &rest) {
            number += 1
            guard let first = SSHKeyLine.words(line[...]).first, first.first != Self.comment
            else { continue }
            do throws(SignerLineError) {
                var signer = try SignerLine(line).signer()
                signer.line = number
                signers.append(signer)
            } catch { throw .signerLine(number, error.reason) }
        }
        guard !signers.isEmpty else { throw .notAPublicKey }
        self.signers = signers
    }
}

extension KeyEntry {
    /// The entries of a file `allowed_signers`, one for each line, named after its first principal.
    ///
    /// Id and operator are the principal; further keys of one principal get ids `NAME-2`, `NAME-3`.
    /// Namespaces and times become those of the entry.
    ///
    /// - Returns: The entries; `nil` where the file names no principals, as any other key file.
    /// - Throws: `TrustError.signerLine` for a line that cannot be an entry, or for one whose
    ///   principal is no name that a policy can have.
    package static func entries(allowedSigners file: [UInt8]) throws(TrustError) -> [KeyEntry]? {
        guard KeyFormat(recognising: file) == .ssh else { return nil }
        let signers = try AllowedSigners(parsing: file).signers
        guard signers.contains(where: { !$0.principals.isEmpty }) else { return nil }
        var entries: [KeyEntry] = []
        for signer in signers {
            guard let principal = signer.principals.first, PolicyName.isValid(principal) else {
                throw .signerLine(
                    signer.line, "its principal cannot be an id: \(PolicyName.rule)")
            }
            let name = String(decoding: principal, as: UTF8.self)
            let count = entries.count { $0.operator == name }
            entries.append(
                KeyEntry(
                    id: count == 0 ? name : "\(name)-\(count + 1)", operator: name,
                    signer: signer))
        }
        return entries
    }

    /// An entry for a file of one line, whatever name it has for the key.
    ///
    /// - Throws: `TrustError.signerLine` also where there are several lines.
    init(id: String, operator: String, sshKey file: [UInt8]) throws(TrustError) {
        let signers = try AllowedSigners(parsing: file).signers
        guard let signer = signers.first, signers.count == 1 else {
            throw .signerLine(signers.last?.line ?? 0, "several keys, where one belongs")
        }
        self.init(id: id, operator: `operator`, signer: signer)
    }

    /// An entry for one line.
    init(id: String, operator: String, signer: AllowedSigners.Signer) {
        self.init(
            id: id, operator: `operator`, format: .ssh, source: .inline(signer.key),
            notBefore: signer.notBefore, notAfter: signer.notAfter)
        guard !signer.namespaces.isEmpty else { return }
        add([JSONMember("namespaces", .array(signer.namespaces.map { .string($0) }))])
    }
}
