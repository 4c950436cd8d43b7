/// A text in an encoding that no format here has, as editors and shells of Windows write it.
package enum UnreadEncoding: Equatable, Sendable {
    /// UTF-8 behind a byte order mark.
    case markedUTF8
    /// UTF-16, with or without a byte order mark.
    case utf16(isLittleEndian: Bool)

    /// How many units of UTF-16 are looked at.
    private static let sampleUnits = 32

    /// Recognises such a text.
    ///
    /// A signature is bytes that nobody chooses. None is all text behind a mark by chance, and none has a
    /// zero in every second byte.
    package init?(of file: [UInt8]) {
        if file.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard Self.isText(file.dropFirst(3)) else { return nil }
            self = .markedUTF8
        } else if Self.isUTF16(file, isLittleEndian: true) {
            self = .utf16(isLittleEndian: true)
        } else if Self.isUTF16(file, isLittleEndian: false) {
            self = .utf16(isLittleEndian: false)
        } else {
            return nil
        }
    }

    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 || isBlank($0) } && firstInvalidUTF8(in: Array(bytes)) == nil
    }

    /// Whether a file begins with ASCII in UTF-16, behind a mark or without one.
    private static func isUTF16(_ file: [UInt8], isLittleEndian: Bool) -> Bool {
        let mark: [UInt8] = isLittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
        let text = file.starts(with: mark) ? file.dropFirst(2) : file[...]
        guard text.count >= 2, text.count.isMultiple(of: 2) else { return false }
        let sample = Array(text.prefix(2 * sampleUnits))
        return stride(from: 0, to: sample.count, by: 2).allSatisfy { index in
            let (first, second) = (sample[index], sample[index + 1])
            let (letter, zero) = isLittleEndian ? (first, second) : (second, first)
            return zero == 0 && ((0x20...0x7E).contains(letter) || isBlank(letter))
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .markedUTF8: "save it as UTF-8 without a byte order mark"
        case .utf16(let isLittleEndian):
            "write it again in UTF-8: iconv -f UTF-16\(isLittleEndian ? "LE" : "BE") -t UTF-8, "
                + "without a byte order mark"
        }
    }
}

extension UnreadEncoding: CustomStringConvertible {
    /// What the file is, behind `is`.
    package var description: String {
        switch self {
        case .markedUTF8: "text that begins with a byte order mark, which no format here has"
        case .utf16: "text in UTF-16, where UTF-8 belongs"
        }
    }
}

/// A kind of file that is often given for something else, recognised by how it begins.
package enum ForeignFile: Equatable, Sendable {
    /// A text in an encoding that is not read.
    case text(UnreadEncoding)
    /// A message of S/MIME, with its signature beside or around the text.
    case smime
    /// A message of PGP/MIME.
    case pgpMIME
    /// An archive, or a compressed file, by the name of its form.
    case archive(String)

    /// The most bytes in which the header of a message is looked for.
    private static let longestHeader = 8192

    /// Recognises one.
    package init?(of file: [UInt8]) {
        if let encoding = UnreadEncoding(of: file) {
            self = .text(encoding)
        } else if let name = Self.archiveName(of: file) {
            self = .archive(name)
        } else if let message = Self.message(file) {
            self = message
        } else {
            return nil
        }
    }

    private static let magics: [(bytes: [UInt8], name: String)] = [
        ([0x1F, 0x8B, 0x08], "gzip"), (Array("BZh".utf8), "bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"), ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
        ([0x50, 0x4B, 0x03, 0x04], "ZIP"), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7-Zip"),
    ]

    private static func archiveName(of file: [UInt8]) -> String? {
        // The two forms of tar differ behind this word.
        if file.dropFirst(257).starts(with: "ustar ".utf8) { return "GNU tar" }
        if file.dropFirst(257).starts(with: "ustar\0".utf8) { return "tar" }
        return magics.first { file.starts(with: $0.bytes) }?.name
    }

    /// A message has lines of headers, one of which names the type of the content.
    private static func message(_ file: [UInt8]) -> ForeignFile? {
        let start = file.prefix(longestHeader).map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        let name = start.prefix { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
        guard !name.isEmpty, start.dropFirst(name.count).first == UInt8(ascii: ":"),
            let type = start.firstRange(of: Array("content-type:".utf8))
        else { return nil }
        let value = start[type.upperBound...].drop { $0 == UInt8(ascii: " ") }
        func holds(_ word: String) -> Bool { value.firstRange(of: Array(word.utf8)) != nil }
        if value.starts(with: "multipart/signed".utf8), holds("application/pgp-signature") {
            return .pgpMIME
        }
        let types = ["multipart/signed", "application/pkcs7", "application/x-pkcs7"]
        return types.contains { value.starts(with: $0.utf8) } ? .smime : nil
    }

    /// Whether it has to be unpacked.
    package var isArchive: Bool { if case .archive = self { true } else { false } }

    /// What to do where a signature belongs.
    package var remedyForSignature: String {
        switch self {
        case .text(let encoding): encoding.remedy
        case .smime: "take the signature out of it: openssl smime -pk7out -in MESSAGE -out FILE"
        case .pgpMIME: "save the part that holds the signature as a file of its own"
        case .archive: "unpack it and give the signature file in it"
        }
    }

    /// What to do where a bundle belongs; nil where nothing helps.
    package var remedyForBundle: String? {
        switch self {
        case .text(let encoding): encoding.remedy
        case .smime, .pgpMIME: nil
        case .archive:
            "unpack it with its own tool and give the bundle's folder; the one form of tar that is read "
                + "is that of `closeout pack`"
        }
    }
}

extension ForeignFile: CustomStringConvertible {
    /// What the file is, behind `is`.
    package var description: String {
        switch self {
        case .text(let encoding): "\(encoding)"
        case .smime: "an S/MIME message"
        case .pgpMIME: "a PGP/MIME message"
        case .archive(let name): "a file of \(name)"
        }
    }
}
