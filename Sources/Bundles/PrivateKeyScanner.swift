/// Finds private keys in bytes that come in pieces (docs/bundle.md, "Private keys").
///
/// It looks for the armour lines of PEM, OpenSSH and OpenPGP secret keys and for the base64 lines of
/// minisign and signify ones, whose comments say anything. Binary PKCS#8 is told by its fixed beginning.
package struct PrivateKeyScanner: Sendable {
    /// Whether a private key has been seen in what was scanned so far.
    package private(set) var found = false

    private var carry: [UInt8] = []
    private var atStart = true

    private static let markers: [[UInt8]] = [
        "PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "BEGIN SSH2 ENCRYPTED PRIVATE KEY",
    ].map { Array($0.utf8) }
    /// How the base64 of secret keys begins: minisign's, encrypted or not, and signify's.
    private static let secretLines: [[UInt8]] = ["RWRTY0Iy", "RWQAAEIy", "RWRCSwAAA"].map {
        Array($0.utf8)
    }
    private static let longest = 64

    /// Begins with nothing scanned.
    package init() {}

    /// Says whether all of `bytes` hold a private key.
    package static func finds(in bytes: [UInt8]) -> Bool {
        var scanner = PrivateKeyScanner()
        scanner.scan(bytes[...])
        return scanner.found
    }

    /// Scans the next piece; pieces may break a marker anywhere.
    package mutating func scan(_ piece: ArraySlice<UInt8>) {
        guard !found, !piece.isEmpty else { return }
        let window = carry + piece
        if atStart {
            found = Self.beginsAsPKCS8(window)
            atStart = window.count < Self.longest
        }
        found = found || Self.holdsArmour(window) || Self.holdsSecretLine(window)
        carry = Array(window.suffix(Self.longest))
    }

    /// An armour line counts where `-----BEGIN ` leads it and its closing dashes end it.
    private static func holdsArmour(_ window: [UInt8]) -> Bool {
        let begin = Array("-----BEGIN ".utf8)
        var index = 0
        while index + begin.count <= window.count {
            guard window[index] == begin[0] else {
                index += 1
                continue
            }
            let rest = window[index...]
            if rest.starts(with: begin) {
                let line = rest.prefix(longest).dropFirst(begin.count)
                    .prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
                if markers.contains(where: { holds($0, in: line) }) { return true }
            }
            index += 1
        }
        return false
    }

    private static func holds(_ marker: [UInt8], in line: ArraySlice<UInt8>) -> Bool {
        guard line.count >= marker.count else { return false }
        return (line.startIndex...(line.endIndex - marker.count))
            .contains { line[$0...].starts(with: marker) }
    }

    /// A secret line counts where it goes on in base64 for as long as is looked at.
    private static func holdsSecretLine(_ window: [UInt8]) -> Bool {
        var rest = window[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "R")) {
            rest = rest[start...]
            let line = rest.prefix(longest)
            if secretLines.contains(where: { line.starts(with: $0) }), line.count == longest,
                line.allSatisfy(isBase64)
            {
                return true
            }
            rest = rest.dropFirst()
        }
        return false
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// SEQUENCE { INTEGER 0 or 1, SEQUENCE { OBJECT IDENTIFIER … (RFC 5958, section 2), and SEC 1.
    private static func beginsAsPKCS8(_ window: [UInt8]) -> Bool {
        guard window.count > 16, window[0] == 0x30 else { return false }
        let header = window[1] < 0x80 ? 2 : 2 + Int(window[1] & 0x7F)
        guard header <= 5, window.count > header + 8 else { return false }
        let body = window[header...]
        let version =
            body.starts(with: [0x02, 0x01, 0x00]) || body.starts(with: [0x02, 0x01, 0x01])
        guard version else { return false }
        let next = body.dropFirst(3)
        guard let tag = next.first else { return false }
        if tag == 0x30 { return next.dropFirst(2).first == 0x06 || next.dropFirst(3).first == 0x06 }
        return tag == 0x04 && (next.dropFirst().first ?? 0) >= 16 || tag == 0x02 && header == 4
    }
}
