import CloseoutEncodings
import CloseoutOpenSSL

extension SigningTool {
    /// The `pkcs11-tool` command over a key in a hardware token.
    ///
    /// Elliptic curve keys get the digest: many tokens cannot hash for them.
    package static let pkcs11 = SigningTool(
        name: "pkcs11", referenceForm: PKCS11Reference.form, format: .raw,
        commands: { task throws(RequestError) in
            guard let mechanism = task.algorithm.pkcs11Mechanism else {
                throw unsupported("pkcs11", task)
            }
            guard let reference = PKCS11Reference(task.keyReference) else {
                throw .malformedReference(task.keyReference, expected: PKCS11Reference.form)
            }
            guard mechanism == "ECDSA", let digest = task.algorithm.digest else {
                return [signing(task.file, reference, mechanism, task)]
            }
            let hashed = task.file + ShellWord(".\(digest.rawValue)")
            let hashing = commandLine([
                "openssl", "dgst", ShellWord("-\(digest.rawValue)"), "-binary", "-out", hashed,
                task.file,
            ])
            return [hashing, signing(hashed, reference, mechanism, task)]
        })

    private static func signing(
        _ input: ShellWord, _ reference: PKCS11Reference, _ mechanism: ShellWord,
        _ task: SigningTask
    ) -> String {
        let encoding: [ShellWord] = mechanism == "ECDSA" ? ["--signature-format", "openssl"] : []
        return commandLine(
            ["pkcs11-tool"] + reference.options
                + ["--login", "--sign", "--mechanism", mechanism] + encoding
                + ["--input-file", input, "--output-file", task.signature])
    }
}

extension SignatureAlgorithm {
    /// The name of the token's mechanism; `nil` where the tool has none.
    fileprivate var pkcs11Mechanism: ShellWord? {
        switch self {
        case .ed25519: "EDDSA"
        case .ecdsaP256SHA256, .ecdsaP384SHA384, .ecdsaP521SHA512: "ECDSA"
        case .rsaPSSSHA256: "SHA256-RSA-PKCS-PSS"
        case .rsaPSSSHA384: "SHA384-RSA-PKCS-PSS"
        case .rsaPSSSHA512: "SHA512-RSA-PKCS-PSS"
        case .rsaPKCS1SHA256: "SHA256-RSA-PKCS"
        case .rsaPKCS1SHA384: "SHA384-RSA-PKCS"
        case .rsaPKCS1SHA512: "SHA512-RSA-PKCS"
        default: nil
        }
    }
}

/// A key in a token, named by a PKCS #11 URI (RFC 7512) of the attributes that are used here.
struct PKCS11Reference {
    /// The arguments by which `pkcs11-tool` finds the key.
    let options: [ShellWord]

    /// The form in words, for messages.
    static let form = "pkcs11:token=TOKEN;id=%01?module-path=/PATH&pin-source=env:VARIABLE"

    /// Reads a URI; `nil` without an `id`, by which alone the tool finds a private key for sure.
    init?(_ uri: [UInt8]) {
        let scheme = Array("pkcs11:".utf8)
        guard uri.starts(with: scheme) else { return nil }
        let halves = uri.dropFirst(scheme.count).split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = Self.attributes(halves.first, separator: ";"),
            let query = Self.attributes(halves.dropFirst().first, separator: "&"),
            let id = path["id"], !id.isEmpty,
            Set(path.keys).isSubset(of: ["id", "token", "object", "type"]),
            Set(query.keys).isSubset(of: ["module-path", "pin-source"])
        else { return nil }
        var options: [ShellWord] = []
        if let module = query["module-path"] { options += ["--module", ShellWord(module)] }
        if let token = path["token"] { options += ["--token-label", ShellWord(token)] }
        if let pin = query["pin-source"] { options += ["--pin", ShellWord(pin)] }
        self.options = options + ["--id", ShellWord(Hex.encode(id))]
    }

    /// Reads `name=value` pairs with percent-encoded values; `nil` where one is malformed or twice.
    private static func attributes(
        _ text: ArraySlice<UInt8>?, separator: Unicode.Scalar
    ) -> [String: [UInt8]]? {
        var attributes: [String: [UInt8]] = [:]
        for pair in text?.split(separator: UInt8(ascii: separator)) ?? [] {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = decoded(parts[1]) else { return nil }
            let name = String(decoding: parts[0], as: UTF8.self)
            guard attributes.updateValue(value, forKey: name) == nil else { return nil }
        }
        return attributes
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).map { $0 | 0x20 }
            guard let value = Hex.decode(digits)?.first else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
