import CloseoutEncodings
import CloseoutOpenSSL

/// The words in which OpenSSH writes a public key: its type, its bytes in base64 and a comment.
struct SSHKeyLine {
    let publicKey: PublicKey

    /// Reads a line without its end and without options before the key.
    ///
    /// - Throws: `KeyError`.
    init(parsing line: [UInt8]) throws(KeyError) {
        guard !line.contains(UInt8(ascii: "\n")) else {
            throw .notAKey("several lines, where one key belongs")
        }
        do throws(SignatureError) {
            try checkComment(line, longest: 16_384, name: "line")
        } catch { throw .notAKey("\(error)") }
        let words = Self.words(line[...])
        guard words.count >= 2, let bytes = Base64.decode(Array(words[1])) else {
            throw .notAKey("not a line of OpenSSH: a type, base64 and perhaps a comment")
        }
        if let reason = Self.refusal(words[0]) { throw .unsupported(reason) }
        let publicKey = try SSHPublicKey.read(bytes)
        guard SSHPublicKey.name(of: publicKey.type).map({ $0[...] }) == words[0] else {
            throw .notAKey("the line says \(printable(Array(words[0]))), and its bytes do not")
        }
        self.publicKey = publicKey
    }

    /// The words between blanks.
    static func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Why keys of a type are not taken that OpenSSH knows.
    private static func refusal(_ type: ArraySlice<UInt8>) -> String? {
        let name = printable(Array(type))
        if type.starts(with: Array("sk-".utf8)) {
            return "\(name), a key that a security key holds, signs in a form of its own"
        }
        if name.contains("-cert-") { return "\(name) is a certificate" }
        return nil
    }

    /// Whether a word is the name of a type of key that OpenSSH has.
    static func isType(_ word: ArraySlice<UInt8>) -> Bool {
        let prefixes = ["ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        return prefixes.contains { word.starts(with: $0.utf8) }
    }
}
