import CloseoutOpenSSL

extension SigningTool {
    /// The `vault` command over a key of HashiCorp Vault's transit engine.
    package static let vault = SigningTool(
        name: "vault", referenceForm: vaultReference, format: .vault,
        commands: { task throws(RequestError) in
            guard let options = vaultOptions(task.algorithm) else {
                throw unsupported("vault", task)
            }
            let parts = task.keyReference.split(
                separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard let name = parts.last, parts.allSatisfy(isVaultName) else {
                throw .malformedReference(task.keyReference, expected: vaultReference)
            }
            let mount = parts.dropLast().joined(separator: [UInt8(ascii: "/")])
            let engine = parts.count == 1 ? "transit" : ShellWord(Array(mount))
            let writing = commandLine([
                "vault", "write", "-field=signature", engine + "/sign/" + ShellWord(Array(name)),
            ])
            let encoding = commandLine(["openssl", "base64", "-A", "-in", task.file])
            let rest = commandLine(options, writingTo: task.signature)
            return ["\(writing) input=\"$(\(encoding))\" \(rest)"]
        })

    private static let vaultReference = "KEY, or MOUNT/KEY where the mount is not transit"

    /// Letters, digits, `_`, `.` and `-`, neither of the last two at the beginning: all else means
    /// something in a path of the engine.
    private static func isVaultName(_ part: ArraySlice<UInt8>) -> Bool {
        guard let first = part.first, !".-".utf8.contains(first) else { return false }
        return part.allSatisfy { byte in
            let letters = [
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            ]
            return letters.contains { $0.contains(byte) }
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "_.-".utf8.contains(byte)
        }
    }

    /// What has to be said beside the input; `nil` where the engine lacks the algorithm.
    private static func vaultOptions(_ algorithm: SignatureAlgorithm) -> [ShellWord]? {
        switch algorithm {
        case .ed25519: ["prehashed=false"]
        case .ecdsaP256SHA256: ["hash_algorithm=sha2-256", "marshaling_algorithm=asn1"]
        case .ecdsaP384SHA384: ["hash_algorithm=sha2-384", "marshaling_algorithm=asn1"]
        case .ecdsaP521SHA512: ["hash_algorithm=sha2-512", "marshaling_algorithm=asn1"]
        case .rsaPSSSHA256: pss("sha2-256")
        case .rsaPSSSHA384: pss("sha2-384")
        case .rsaPSSSHA512: pss("sha2-512")
        case .rsaPKCS1SHA256: pkcs1("sha2-256")
        case .rsaPKCS1SHA384: pkcs1("sha2-384")
        case .rsaPKCS1SHA512: pkcs1("sha2-512")
        default: nil
        }
    }

    /// The engine's own choice of salt is the longest possible, which is not that of the policy.
    private static func pss(_ hash: ShellWord) -> [ShellWord] {
        ["hash_algorithm=" + hash, "signature_algorithm=pss", "salt_length=hash"]
    }

    private static func pkcs1(_ hash: ShellWord) -> [ShellWord] {
        ["hash_algorithm=" + hash, "signature_algorithm=pkcs1v15"]
    }
}
