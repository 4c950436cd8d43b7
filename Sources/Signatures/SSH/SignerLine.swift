import CloseoutEncodings
import CloseoutOpenSSL

/// Why a line of `allowed_signers` cannot be an entry of a policy.
struct SignerLineError: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}

/// A line of `allowed_signers`: principals, options, the key.
struct SignerLine {
    private var rest: ArraySlice<UInt8>

    private static let blanks = Array(" \t".utf8)
    private static let quote = UInt8(ascii: "\"")

    init(_ line: [UInt8]) {
        rest = line[...].drop { Self.blanks.contains($0) }
    }

    /// Reads the line.
    func signer() throws(SignerLineError) -> AllowedSigners.Signer {
        var line = self
        var signer = AllowedSigners.Signer()
        if !SSHKeyLine.isType(line.nextWord) {
            signer.principals = try line.takePrincipals()
            if !SSHKeyLine.isType(line.nextWord) { try line.readOptions(into: &signer) }
        }
        signer.key = Array(line.rest)
        do throws(KeyError) { _ = try SSHKeyLine(parsing: signer.key) } catch {
            throw SignerLineError(reason: "\(error)")
        }
        return signer
    }

    private var nextWord: ArraySlice<UInt8> {
        rest.prefix { !Self.blanks.contains($0) }
    }

    private mutating func takeWord() -> ArraySlice<UInt8> {
        let word = nextWord
        rest = rest.dropFirst(word.count).drop { Self.blanks.contains($0) }
        return word
    }

    /// The names before the options: a word, or anything between quotes.
    ///
    /// Patterns match people whom the policy would not name.
    private mutating func takePrincipals() throws(SignerLineError) -> [[UInt8]] {
        var names: ArraySlice<UInt8>
        if rest.first == Self.quote {
            names = try takeQuoted("its principals' quotes do not end")[...]
            guard let next = rest.first, Self.blanks.contains(next) else {
                throw SignerLineError(reason: "its principals do not end in a blank")
            }
            rest = rest.drop { Self.blanks.contains($0) }
        } else {
            names = takeWord()
        }
        guard !names.contains(where: { "*?!\"".utf8.contains($0) }) else {
            throw SignerLineError(
                reason: "its principals are patterns: \(printable(Array(names)))")
        }
        return names.split(separator: UInt8(ascii: ",")).map { Array($0) }
    }

    /// Takes what is between the quotes that come next, with them.
    private mutating func takeQuoted(_ reason: String) throws(SignerLineError) -> [UInt8] {
        let value = rest.dropFirst().prefix { $0 != Self.quote }
        rest = rest.dropFirst(value.count + 1)
        guard rest.first == Self.quote else { throw SignerLineError(reason: reason) }
        rest = rest.dropFirst()
        return Array(value)
    }
}

// MARK: Options

extension SignerLine {
    /// Reads options up to the next blank outside of quotes.
    private mutating func readOptions(
        into signer: inout AllowedSigners.Signer
    ) throws(SignerLineError) {
        repeat {
            let name = rest.prefix { !Self.blanks.contains($0) && $0 != 0x2C && $0 != 0x3D }
            rest = rest.dropFirst(name.count)
            var value: [UInt8]?
            if rest.first == UInt8(ascii: "=") {
                rest = rest.dropFirst()
                value = try takeValue()
            }
            let text = String(decoding: name, as: UTF8.self).lowercased()
            try Self.apply(text, value, to: &signer)
        } while takeComma()
        guard let next = rest.first, Self.blanks.contains(next) else {
            throw SignerLineError(reason: "its options do not end in a blank")
        }
        rest = rest.drop { Self.blanks.contains($0) }
    }

    private mutating func takeComma() -> Bool {
        guard rest.first == UInt8(ascii: ",") else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func takeValue() throws(SignerLineError) -> [UInt8] {
        guard rest.first == Self.quote else {
            let value = rest.prefix { !Self.blanks.contains($0) && $0 != UInt8(ascii: ",") }
            rest = rest.dropFirst(value.count)
            return Array(value)
        }
        return try takeQuoted("an option's quotes do not end")
    }

    private static func apply(
        _ name: String, _ value: [UInt8]?, to signer: inout AllowedSigners.Signer
    ) throws(SignerLineError) {
        switch (name, value) {
        case ("namespaces", let value?) where signer.namespaces.isEmpty:
            signer.namespaces = value.split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false
            ).map { Array($0) }
            guard signer.namespaces.allSatisfy(SSHNamespace.isValid) else {
                throw SignerLineError(
                    reason: "its namespaces are patterns or no names: \(SSHNamespace.rule)")
            }
        case ("valid-after", let value?) where signer.notBefore == nil:
            signer.notBefore = try instant(value)
        case ("valid-before", let value?) where signer.notAfter == nil:
            signer.notAfter = try instant(value)
        case ("cert-authority", nil):
            throw SignerLineError(
                reason: "cert-authority: keys that vouch for certificates are not taken; "
                    + "name each signer's own key")
        default:
            throw SignerLineError(
                reason: "the option \(printable(name)) is unknown or duplicate")
        }
    }

    /// Reads `YYYYMMDD[HHMM[SS]]Z`; without the Z it would be another time on another machine.
    private static func instant(_ text: [UInt8]) throws(SignerLineError) -> Instant {
        let digits = text.dropLast()
        guard text.last == UInt8(ascii: "Z"), [8, 12, 14].contains(digits.count) else {
            throw SignerLineError(
                reason: "the time \(printable(text)) is not YYYYMMDD[HHMM[SS]]Z, in UTC")
        }
        let full = digits + [UInt8](repeating: UInt8(ascii: "0"), count: 14 - digits.count)
        var pieces = full[...]
        var form: [UInt8] = []
        for (count, end) in [(4, "-"), (2, "-"), (2, "T"), (2, ":"), (2, ":"), (2, "Z")] {
            form += pieces.prefix(count) + end.utf8
            pieces = pieces.dropFirst(count)
        }
        guard let instant = Instant(parsing: form) else {
            throw SignerLineError(reason: "there is no such time as \(printable(text))")
        }
        return instant
    }
}
