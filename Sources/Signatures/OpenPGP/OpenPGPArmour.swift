import CloseoutEncodings

/// The text form of OpenPGP data (RFC 9580, 6.2), read by its exact grammar.
///
/// Implements "Armour" of docs/signatures.md.
enum OpenPGPArmour {
    /// What a block says that it holds.
    enum Label: String, CaseIterable {
        case signature = "PGP SIGNATURE"
        case publicKey = "PGP PUBLIC KEY BLOCK"
        case privateKey = "PGP PRIVATE KEY BLOCK"
        case message = "PGP MESSAGE"
        case signedMessage = "PGP SIGNED MESSAGE"

        var begin: [UInt8] { Array("-----BEGIN \(rawValue)-----".utf8) }
        var end: [UInt8] { Array("-----END \(rawValue)-----".utf8) }
    }

    /// The label of the block that a file begins with.
    static func label(of file: [UInt8]) -> Label? {
        Label.allCases.first { file.starts(with: $0.begin) }
    }

    /// The packets' bytes in a file that is armoured, of one block or several of one label.
    ///
    /// Nothing but empty lines after the last may be before, between or after the blocks.
    static func decode(_ file: [UInt8], as label: Label) throws(OpenPGPError) -> [UInt8] {
        guard var lines = FramingLines.trimmed(file[...])?[...] else {
            throw .armour("lines of different ends")
        }
        var bytes: [UInt8] = []
        repeat { bytes += try block(&lines, label) } while !lines.isEmpty
        return bytes
    }

    /// Bytes as one block, with lines of 64 characters and a checksum.
    static func encode(_ bytes: [UInt8], as label: Label) -> [UInt8] {
        let text = Base64.encode(bytes)
        var file = label.begin + [lineFeed, lineFeed]
        for start in stride(from: 0, to: text.count, by: 64) {
            file += text[start..<min(start + 64, text.count)] + [lineFeed]
        }
        file += [UInt8(ascii: "=")] + Base64.encode(checksum(of: bytes)) + [lineFeed]
        return file + label.end + [lineFeed]
    }

    private static let lineFeed = UInt8(ascii: "\n")

    private static func block(
        _ lines: inout ArraySlice<ArraySlice<UInt8>>, _ label: Label
    ) throws(OpenPGPError) -> [UInt8] {
        guard let begin = lines.popFirst(), begin.elementsEqual(label.begin) else {
            throw .armour("\(label.rawValue) does not begin where it has to")
        }
        while let line = lines.popFirst(), !line.isEmpty {
            guard isHeader(line) else { throw .armour("a header line that is none") }
        }
        guard let end = lines.firstIndex(where: { $0.elementsEqual(label.end) }) else {
            throw .armour("\(label.rawValue) does not end")
        }
        let bytes = try content(lines[..<end])
        lines = lines[(end + 1)...]
        return bytes
    }

    private static let headers = ["Version", "Comment", "MessageID", "Hash", "Charset"]

    private static func isHeader(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            && headers.contains { name in
                // Where nothing is said, the blank behind the colon has been taken off as well.
                line.starts(with: "\(name): ".utf8) || line.elementsEqual("\(name):".utf8)
            }
    }

    private static func content(
        _ lines: ArraySlice<ArraySlice<UInt8>>
    ) throws(OpenPGPError) -> [UInt8] {
        var lines = lines
        var stated: [UInt8]?
        if let last = lines.last, last.count == 5, last.first == UInt8(ascii: "=") {
            guard let sum = Base64.decode(Array(last.dropFirst())), sum.count == 3 else {
                throw .armour("a checksum that is none")
            }
            stated = sum
            lines.removeLast()
        }
        guard !lines.isEmpty, lines.allSatisfy({ (1...76).contains($0.count) }),
            let bytes = Base64.decode(Array(lines.joined()))
        else { throw .armour("the content is not base64 in lines of up to 76 characters") }
        if let stated, stated != checksum(of: bytes) { throw .checksum }
        return bytes
    }

    /// The CRC-24 of RFC 9580, 6.1.
    static func checksum(of bytes: [UInt8]) -> [UInt8] {
        var crc: UInt32 = 0xB704CE
        for byte in bytes {
            crc ^= UInt32(byte) << 16
            for _ in 0..<8 {
                crc <<= 1
                if crc & 0x100_0000 != 0 { crc ^= 0x186_4CFB }
            }
        }
        return [16, 8, 0].map { UInt8(truncatingIfNeeded: crc >> $0) }
    }
}
