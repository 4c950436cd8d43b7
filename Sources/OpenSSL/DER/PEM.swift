import CloseoutCOpenSSL

/// One block of a PEM text: its label and the bytes inside.
struct PEMBlock {
    /// What is between `-----BEGIN ` and `-----`.
    let label: String
    /// Whether lines such as `Proc-Type:` come before the base64, as in encrypted traditional keys.
    let hasHeaders: Bool
    /// The decoded bytes.
    let content: [UInt8]
}

/// Reads and writes PEM (RFC 7468).
enum PEM {
    /// The blocks of a text, passing over what is between them.
    ///
    /// - Returns: Nil if a block does not end or is not base64.
    static func blocks(in bytes: [UInt8]) -> [PEMBlock]? {
        var blocks: [PEMBlock] = []
        var open: (label: ArraySlice<UInt8>, body: [ArraySlice<UInt8>])?
        for line in lines(of: bytes) {
            if let label = label(of: line, after: begin) {
                guard open == nil else { return nil }
                open = (label, [])
            } else if let block = open, line.starts(with: end) {
                guard self.label(of: line, after: end) == block.label,
                    let block = self.block(label: block.label, body: block.body)
                else { return nil }
                blocks.append(block)
                open = nil
            } else {
                open?.body.append(line)
            }
        }
        return open == nil ? blocks : nil
    }

    /// The one block of a text that holds nothing else but blanks around it.
    static func onlyBlock(in bytes: [UInt8]) -> PEMBlock? {
        let lines = lines(of: bytes).filter { !$0.isEmpty }
        guard let first = lines.first, first.starts(with: begin),
            let last = lines.last, last.starts(with: end),
            let blocks = blocks(in: bytes), blocks.count == 1
        else { return nil }
        return blocks.first
    }

    /// What a block would hold, where its base64 is without the lines around it.
    static func bareContent(of bytes: [UInt8]) -> [UInt8]? {
        let text = [UInt8](lines(of: bytes).joined())
        let end = text.lastIndex { $0 != UInt8(ascii: "=") } ?? -1
        guard text.prefix(end + 1).allSatisfy(isBase64Letter) else { return nil }
        return decodedBase64(text)
    }

    private static func isBase64Letter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// A block with base64 lines of 64 characters.
    static func encoded(_ content: [UInt8], label: String) -> [UInt8] {
        var text = begin + label.utf8 + dashes + [lineFeed]
        let base64 = base64(content)
        for start in stride(from: 0, to: base64.count, by: 64) {
            text += base64[start..<min(start + 64, base64.count)] + [lineFeed]
        }
        return text + end + label.utf8 + dashes + [lineFeed]
    }

    private static let begin = [UInt8]("-----BEGIN ".utf8)
    private static let end = [UInt8]("-----END ".utf8)
    private static let dashes = [UInt8]("-----".utf8)
    /// Printable ASCII, so that a label can be shown in a message.
    private static let labelBytes = UInt8(ascii: " ")...UInt8(ascii: "~")
    private static let lineFeed = UInt8(ascii: "\n")

    /// The lines without their ends; blanks at the end of a line do not count.
    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: lineFeed, omittingEmptySubsequences: false).map { line in
            let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")]
            let end = line.lastIndex { !blanks.contains($0) }
            return end.map { line[...$0] } ?? []
        }
    }

    private static func label(
        of line: ArraySlice<UInt8>, after prefix: [UInt8]
    ) -> ArraySlice<UInt8>? {
        let rest = line.dropFirst(prefix.count)
        guard line.starts(with: prefix), rest.suffix(dashes.count) == dashes[...] else {
            return nil
        }
        let label = rest.dropLast(dashes.count)
        return label.allSatisfy(labelBytes.contains) ? label : nil
    }

    private static func block(
        label: ArraySlice<UInt8>, body: [ArraySlice<UInt8>]
    ) -> PEMBlock? {
        let label = String(decoding: label, as: UTF8.self)
        guard !body.contains(where: { $0.contains(UInt8(ascii: ":")) }) else {
            return PEMBlock(label: label, hasHeaders: true, content: [])
        }
        return decodedBase64([UInt8](body.joined())).map {
            PEMBlock(label: label, hasHeaders: false, content: $0)
        }
    }

    private static func base64(_ content: [UInt8]) -> [UInt8] {
        // One byte more than the text, for the NUL that is written after it.
        let capacity = (content.count + 2) / 3 * 4 + 1
        return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = unsafe Int(EVP_EncodeBlock(buffer.baseAddress, content, CInt(content.count)))
        }
    }

    private static func decodedBase64(_ text: [UInt8]) -> [UInt8]? {
        guard !text.isEmpty, text.count.isMultiple(of: 4) else { return nil }
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var decoded = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
            decoded = unsafe Int(EVP_DecodeBlock(buffer.baseAddress, text, CInt(text.count)))
            count = max(0, decoded - padding)
        }
        return decoded > 0 ? bytes : nil
    }
}
