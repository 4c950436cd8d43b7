/// The forms in which a private key is written.
enum PrivateKeyForm {
    case pkcs8
    case encryptedPKCS8
    case ec
    case rsa
    case openSSH

    /// The form that a PEM label names.
    init?(label: String) {
        switch label {
        case "PRIVATE KEY": self = .pkcs8
        case "ENCRYPTED PRIVATE KEY": self = .encryptedPKCS8
        case "EC PRIVATE KEY": self = .ec
        case "RSA PRIVATE KEY": self = .rsa
        case "OPENSSH PRIVATE KEY": self = .openSSH
        default: return nil
        }
    }

    /// The form that a key's bytes have, by their first fields; nil if it is no private key.
    init?(of der: [UInt8]) {
        guard !der.starts(with: OpenSSHPrivateKey.magic) else {
            self = .openSSH
            return
        }
        var outer = DERReader(der[...])
        guard let content = outer.readLast(.sequence) else { return nil }
        switch DERReader(content).leadingTags() {
        case [.integer, .sequence, .octetString]: self = .pkcs8
        case [.sequence, .octetString]: self = .encryptedPKCS8
        case let tags where tags.starts(with: [.integer, .octetString]): self = .ec
        case [.integer, .integer, .integer]: self = .rsa
        default: return nil
        }
    }
}
