import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureFormat {
    /// The bare bytes of a signature, as `openssl` and most signers write them.
    package static let raw = SignatureFormat(
        name: "raw", fileExtension: "sig", mediaType: "application/vnd.closeout.signature.raw",
        recognition: .lastResort { file in
            SignatureLength.isPlausible(file) && !isText(file)
        },
        read: { file throws(SignatureError) in
            // No algorithm makes text: these are another format's bytes.
            guard !isText(file) else { throw .isText }
            return [.keyed(try RawSignature(file))]
        },
        write: { content, key, algorithm throws(KeyError) in
            try key.sign(content.bytes, algorithm: algorithm)
        })

    /// The same in padded standard base64, in one line or several.
    package static let rawBase64 = SignatureFormat(
        name: "raw-base64", fileExtension: "sig.b64",
        mediaType: "application/vnd.closeout.signature.raw+base64",
        recognition: .lastResort { file in
            guard let bytes = decodeLines(file) else { return false }
            // The same text can be base64url, by chance, and then means another signature.
            return SignatureLength.isPlausible(bytes) && !SignatureLength.isConcatenated(bytes)
        },
        read: { file throws(SignatureError) in
            guard let bytes = decodeLines(file) else { throw .notText(expected: "base64") }
            return [.keyed(try RawSignature(bytes))]
        })
}

/// Reads base64 that may be broken into lines, as `base64` and `openssl base64` write it.
private func decodeLines(_ file: [UInt8]) -> [UInt8]? {
    let lineEnds = Array("\r\n".utf8)
    return Base64.decode(file.filter { !lineEnds.contains($0) })
}

/// Whether all bytes are UTF-8 without control characters but line ends and tabs.
private func isText(_ file: [UInt8]) -> Bool {
    let blanks: [UInt8] = [0x0A, 0x0D, 0x09]
    return file.allSatisfy { $0 >= 0x20 && $0 != 0x7F || blanks.contains($0) }
        && firstInvalidUTF8(in: file) == nil
}
