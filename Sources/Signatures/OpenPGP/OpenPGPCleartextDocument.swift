import CloseoutOpenSSL

/// A text with its signatures below it (RFC 9580, 7), read by its exact grammar.
///
/// Implements "Cleartext documents" of docs/signatures.md.
struct OpenPGPCleartextDocument {
    /// The lines without their ends and without the dashes that escape them.
    let lines: [[UInt8]]
    /// What text signatures cover: lines with CR LF between them, and no end of the last.
    let signedText: [UInt8]
    /// The numbers of the hash algorithms that the header names.
    let hashes: Set<UInt8>
    /// The packets below the text.
    let packets: [UInt8]

    /// Reads a document up to the last byte.
    ///
    /// - Throws: `OpenPGPError` for anything before, beside or after the one text and its
    ///   signatures.
    init(parsing file: [UInt8]) throws(OpenPGPError) {
        var all = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        let first = all.popFirst() ?? []
        guard first.last != Self.carriageReturn else { throw Self.wrongLineEnds }
        let begin = OpenPGPArmour.Label.signedMessage.begin
        guard FramingLines.withoutBlanks(first).elementsEqual(begin) else {
            throw .cleartext("it does not begin with the line of a signed message")
        }
        hashes = try Self.hashes(takingHeadersFrom: &all)
        guard let end = all.firstIndex(where: Self.beginsSignature) else {
            throw .cleartext("no signature follows the text")
        }
        lines = try Self.text(all[..<end])
        signedText = Array(lines.joined(separator: Array("\r\n".utf8)))
        // Slices know their place in the file.
        packets = try OpenPGPArmour.decode(
            Array(file[all[end].startIndex...]), as: .signature)
    }

    /// Whether a line is the first of a signature, whatever blanks and CR are at its end.
    private static func beginsSignature(_ line: ArraySlice<UInt8>) -> Bool {
        let line = line.last == carriageReturn ? line.dropLast() : line
        return FramingLines.withoutBlanks(line).elementsEqual(OpenPGPArmour.Label.signature.begin)
    }

    private static let carriageReturn = UInt8(ascii: "\r")
    private static let wrongLineEnds = OpenPGPError.cleartext("lines have to end in LF alone")

    /// The lines of the text as they were before their dashes were escaped.
    ///
    /// The end of the last line is none of the text, and may be CR LF where no other one is.
    private static func text(
        _ escaped: ArraySlice<ArraySlice<UInt8>>
    ) throws(OpenPGPError) -> [[UInt8]] {
        var escaped = escaped
        if let last = escaped.popLast() {
            escaped.append(last.last == carriageReturn ? last.dropLast() : last)
        }
        guard !escaped.contains(where: { $0.contains(carriageReturn) }) else {
            throw wrongLineEnds
        }
        var lines: [[UInt8]] = []
        for line in escaped { lines.append(try unescaped(line)) }
        return lines
    }

    /// Whether this is the text of a file, whose last line may end or not.
    func isOf(_ content: Message) throws(OpenSSLError) -> Bool {
        let text = Array(lines.joined(separator: Array("\n".utf8)))
        guard try !content.equals(text) else { return true }
        return try content.equals(text + Array("\n".utf8))
    }

    /// The signatures below the text.
    func signatures() throws(OpenPGPError) -> [OpenPGPFileSignature] {
        let signatures = try OpenPGPFileSignature.all(in: packets, type: 0x01)
        for signature in signatures.compactMap(\.signature) {
            guard hashes.contains(signature.hashAlgorithm) else {
                throw .cleartext("a signature has another hash than the header names")
            }
        }
        return signatures.map {
            OpenPGPFileSignature(signature: $0.signature, refusal: $0.refusal, document: self)
        }
    }

    /// The hashes of all headers, up to the empty line behind them.
    private static func hashes(
        takingHeadersFrom lines: inout ArraySlice<ArraySlice<UInt8>>
    ) throws(OpenPGPError) -> Set<UInt8> {
        var found: Set<UInt8> = []
        while let line = lines.popFirst(), !line.isEmpty {
            found.formUnion(try hashes(FramingLines.withoutBlanks(line)))
        }
        guard !found.isEmpty else { throw .cleartext("it does not begin with a Hash header") }
        return found
    }

    private static func hashes(_ line: ArraySlice<UInt8>) throws(OpenPGPError) -> Set<UInt8> {
        let prefix = Array("Hash: ".utf8)
        let names = line.dropFirst(prefix.count).split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard line.starts(with: prefix) else {
            throw .cleartext("the text has something before it that is not a Hash header")
        }
        var hashes: Set<UInt8> = []
        for name in names {
            switch String(decoding: name, as: UTF8.self) {
            case "SHA256": hashes.insert(8)
            case "SHA384": hashes.insert(9)
            case "SHA512": hashes.insert(10)
            case "SHA1": throw .hashAlgorithm(2)
            case "MD5": throw .hashAlgorithm(1)
            case "RIPEMD160": throw .hashAlgorithm(3)
            default: throw .cleartext("the Hash header names no accepted hash")
            }
        }
        return hashes
    }

    /// Takes the dash off a line that has to have one.
    private static func unescaped(_ line: ArraySlice<UInt8>) throws(OpenPGPError) -> [UInt8] {
        guard line.last != UInt8(ascii: " "), line.last != UInt8(ascii: "\t") else {
            throw .cleartext("a line ends in blanks, which no signature covers")
        }
        guard line.first == UInt8(ascii: "-") else { return Array(line) }
        let rest = line.dropFirst(2)
        guard line.starts(with: Array("- ".utf8)),
            rest.first == UInt8(ascii: "-") || rest.starts(with: Array("From ".utf8))
        else { throw .cleartext("a line with a dash that is not escaped") }
        return Array(rest)
    }
}
