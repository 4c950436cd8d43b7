import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The fields of an SSH signature, so that a test can write any of them as it likes.
struct SSHFields {
    var magic = Array("SSHSIG".utf8)
    var version: UInt32 = 1
    var key: [UInt8]
    var namespace = Array("closeout".utf8)
    var reserved: [UInt8] = []
    var hash = Array("sha512".utf8)
    var algorithm: [UInt8]
    var signature: [UInt8] = []
    var tail: [UInt8] = []
    var innerTail: [UInt8] = []

    init(_ signer: Signer, algorithm: String) throws {
        key = try #require(SSHPublicKey.bytes(of: signer.publicKey))
        self.algorithm = Array(algorithm.utf8)
    }

    /// What is signed, for the hash that the fields name.
    func input(_ message: [UInt8]) throws -> [UInt8] {
        let name = String(decoding: hash, as: UTF8.self)
        let digest = try digest(DigestAlgorithm(rawValue: name) ?? .sha512, of: message)
        return Array("SSHSIG".utf8) + SSHWriter.string(namespace) + SSHWriter.string(reserved)
            + SSHWriter.string(hash) + SSHWriter.string(digest)
    }

    /// The fields with an Ed25519 or RSA signature over the seal.
    func signed(by signer: Signer, over message: [UInt8] = seal.bytes) throws -> SSHFields {
        var fields = self
        fields.signature = try signer.sign(input(message))
        return fields
    }

    var bytes: [UInt8] {
        magic + SSHWriter.number(version) + SSHWriter.string(key) + SSHWriter.string(namespace)
            + SSHWriter.string(reserved) + SSHWriter.string(hash)
            + SSHWriter.string(
                SSHWriter.string(algorithm) + SSHWriter.string(signature) + innerTail) + tail
    }

    var file: [UInt8] { sshArmoured(bytes) }

    func file(lineLength: Int) -> [UInt8] { sshArmoured(bytes, lineLength: lineLength) }
}

/// The text around the bytes of an SSH signature.
func sshArmoured(_ bytes: [UInt8], lineLength: Int = 70) -> [UInt8] {
    let text = Base64.string(bytes).wrapped(at: lineLength)
    return Array("-----BEGIN SSH SIGNATURE-----\n\(text)-----END SSH SIGNATURE-----\n".utf8)
}

extension String {
    /// Lines of so many characters.
    fileprivate func wrapped(at length: Int) -> String {
        var rest = self[...]
        var lines = ""
        while !rest.isEmpty {
            lines += rest.prefix(length) + "\n"
            rest = rest.dropFirst(length)
        }
        return lines
    }
}

/// An entry of a policy for an SSH key.
func sshEntry(_ signer: Signer, _ members: [JSONMember] = []) throws -> JSON {
    entry("k", "ssh", try #require(SSHPublicKey.line(of: signer.publicKey)), members)
}
