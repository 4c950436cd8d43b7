import CloseoutEncodings

/// A file of OpenPGP keys as people publish them: binary, or armoured blocks with text around them.
///
/// Only key files are read so; a file of signatures has one exact grammar (`OpenPGPArmour`). Implements
/// "Key files" of docs/signatures.md.
struct OpenPGPKeyFile {
    /// The keys in the order in which they first appear; several copies of a key are one.
    let keys: [OpenPGPTransferableKey]

    /// Reads a file to its end.
    ///
    /// - Throws: `OpenPGPError` for anything but public keys and text around them, and where there is no
    ///   key at all.
    init(parsing file: [UInt8]) throws(OpenPGPError) {
        var reading = OpenPGPKeyFileReading()
        if Self.isArmoured(file) {
            for block in try OpenPGPKeyBlocks(file).blocks { try reading.take(block) }
        } else {
            try reading.take(file)
        }
        keys = try reading.finish()
        try OpenPGPKeyEffort(keys).check()
    }

    /// Whether a file looks like one, with public or secret keys.
    static func isLikely(_ file: [UInt8]) -> Bool {
        isArmoured(file) || beginsAsKey(file)
    }

    /// Packets may hold lines of armour, as in a user id, which are none of the file's.
    private static func isArmoured(_ file: [UInt8]) -> Bool {
        let isBinary = (file.first ?? 0) >= 0x80 && file.contains { $0 < 0x09 }
        return !isBinary
            && OpenPGPKeyLines(file).contains {
                OpenPGPKeyBlocks.label(of: $0.text, after: OpenPGPKeyBlocks.begin) != nil
            }
    }

    /// The old and new headers of a key packet of up to 64 KiB, public or secret.
    private static func beginsAsKey(_ bytes: [UInt8]) -> Bool {
        [0x95, 0x98, 0x99, 0xC5, 0xC6].contains(bytes.first)
    }

    /// The keys with what their owners signed of them, as packets; what others signed is left out.
    func ownPackets(withAttributes: Bool = true) -> [UInt8] {
        keys.flatMap { $0.ownPackets(withAttributes: withAttributes) }
    }
}

/// Puts the packets of a key file's blocks together to keys.
private struct OpenPGPKeyFileReading {
    private var keys: [OpenPGPTransferableKey] = []
    private var places: [[UInt8]: Int] = [:]
    /// Signatures in front of any key of their block, as `gpg --gen-revoke` writes revocations, by the
    /// id of the key that they name.
    private var alone: [[UInt8]: [OpenPGPAttachedSignature]] = [:]
    private var firstTag: UInt8?
    private var count = 0

    mutating func take(_ block: [UInt8]) throws(OpenPGPError) {
        var place: Int?
        let packets = try OpenPGPPacket.all(in: block)
        count += packets.count
        guard count <= OpenPGPPacket.mostInFile else { throw .tooManyPackets }
        for packet in packets {
            firstTag = firstTag ?? packet.tag
            switch packet.tag {
            case OpenPGPPacket.Tag.secretKey, OpenPGPPacket.Tag.secretSubkey: throw .secretKey
            case OpenPGPPacket.Tag.publicKey:
                place = begin(packet)
            case OpenPGPPacket.Tag.signature where place == nil:
                let signature = OpenPGPAttachedSignature(packet.body)
                guard let id = signature.content?.issuer.keyID else { break }
                alone[id, default: []].append(signature)
            case OpenPGPPacket.Tag.signature, OpenPGPPacket.Tag.userID,
                OpenPGPPacket.Tag.userAttribute, OpenPGPPacket.Tag.publicSubkey:
                guard let place else { throw .unexpectedPacket(packet.tag) }
                keys[place].append(packet)
            case OpenPGPPacket.Tag.marker, OpenPGPPacket.Tag.trust, OpenPGPPacket.Tag.padding:
                break
            // Of these types a reader passes over what it does not know (RFC 9580, 4.3).
            case 40...: break
            default: throw .unexpectedPacket(packet.tag)
            }
        }
    }

    /// Begins a key or another copy of one, and returns its place.
    private mutating func begin(_ packet: OpenPGPPacket) -> Int {
        if let place = places[packet.body] {
            keys[place].beginCopy()
            return place
        }
        let place = keys.count
        places[packet.body] = place
        keys.append(OpenPGPTransferableKey(primary: packet))
        return place
    }

    /// All keys, with what was signed of them elsewhere in the file.
    func finish() throws(OpenPGPError) -> [OpenPGPTransferableKey] {
        guard !keys.isEmpty else {
            throw firstTag.map { .unexpectedPacket($0) } ?? .truncated
        }
        guard !alone.isEmpty else { return keys }
        return keys.map { key in
            guard let packet = try? OpenPGPKeyPacket(key.primary) else { return key }
            var key = key
            let named = alone[Array(packet.fingerprint.suffix(8))] ?? []
            for signature in named where signature.content?.issuer.names(packet) == true {
                key.appendToPrimary(signature)
            }
            return key
        }
    }
}

/// The armoured blocks of a key file (RFC 9580, 6.2), with any text before, between and after them.
private struct OpenPGPKeyBlocks {
    /// The packets of each block.
    private(set) var blocks: [[UInt8]] = []

    static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let secret = "PGP PRIVATE KEY BLOCK"
    /// The last is what `gpg --enarmor` writes around anything.
    private static let labels = ["PGP PUBLIC KEY BLOCK", secret, "PGP ARMORED FILE"]

    init(_ file: [UInt8]) throws(OpenPGPError) {
        var lines = OpenPGPKeyLines(file)
        while let line = lines.next() {
            guard let label = Self.label(of: line.text, after: Self.begin) else { continue }
            guard label != Self.secret else { throw .secretKey }
            do throws(OpenPGPError) {
                blocks.append(try Self.block(&lines, label))
            } catch {
                let reason = if case .armour(let words) = error { words } else { "\(error)" }
                throw .armour("the block at line \(line.number): \(reason)")
            }
        }
    }

    /// The label of a line that begins or ends a block of keys.
    static func label(of line: ArraySlice<UInt8>, after prefix: [UInt8]) -> String? {
        guard line.starts(with: prefix) else { return nil }
        let rest = line.dropFirst(prefix.count)
        return labels.first { rest.elementsEqual(Array("\($0)-----".utf8)) }
    }

    private static func block(
        _ lines: inout OpenPGPKeyLines, _ label: String
    ) throws(OpenPGPError) -> [UInt8] {
        while let line = lines.next(), !line.text.isEmpty {
            guard line.text.contains(UInt8(ascii: ":")) else {
                throw .armour("a header line that is none")
            }
        }
        var body: [ArraySlice<UInt8>] = []
        while let line = lines.next() {
            if Self.label(of: line.text, after: end) == label { return try content(body) }
            if !line.text.isEmpty { body.append(line.text) }
        }
        throw .armour("\(label) does not end")
    }

    private static func content(_ lines: [ArraySlice<UInt8>]) throws(OpenPGPError) -> [UInt8] {
        var lines = lines
        var stated: [UInt8]?
        if let last = lines.last, last.count == 5, last.first == UInt8(ascii: "=") {
            stated = Base64.decode(Array(last.dropFirst()))
            lines.removeLast()
        }
        guard let bytes = Base64.decode(Array(lines.joined())), !bytes.isEmpty else {
            throw .armour("the content is not base64")
        }
        if let stated, stated != OpenPGPArmour.checksum(of: bytes) { throw .checksum }
        return bytes
    }
}

/// The lines of a key file, one at a time: there may be millions.
private struct OpenPGPKeyLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var number = 0

    init(_ file: [UInt8]) {
        rest = file[...]
    }

    /// The next line, without its end and the blanks before that; lines count from 1.
    mutating func next() -> (number: Int, text: ArraySlice<UInt8>)? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        var line = rest[..<end]
        rest = rest[end...].dropFirst()
        while let last = line.last, [0x20, 0x09, 0x0D].contains(last) { line.removeLast() }
        number += 1
        return (number, line)
    }
}
