import CloseoutEncodings
import CloseoutOpenSSL

extension SigningTool {
    /// The `aws` command over a key of AWS Key Management Service.
    ///
    /// The service takes messages of up to 4 KiB whole, which a seal never exceeds.
    package static let awsKMS = SigningTool(
        name: "aws-kms", referenceForm: "a key id, key ARN, alias/NAME or alias ARN",
        format: .awsKMS,
        commands: { task throws(RequestError) in
            [
                commandLine(
                    [
                        "aws", "kms", "sign", "--key-id", task.key,
                        "--message", "fileb://" + task.file, "--message-type", "RAW",
                        "--signing-algorithm", ShellWord(task.algorithm.awsKMSName),
                        "--output", "json",
                    ], writingTo: task.signature)
            ]
        })

    /// The `gcloud` command over a key version of Google Cloud Key Management Service.
    package static let gcpKMS = SigningTool(
        name: "gcp-kms", referenceForm: gcpReference, format: .raw,
        commands: { task throws(RequestError) in
            guard isKeyVersion(task.keyReference) else {
                throw .malformedReference(task.keyReference, expected: gcpReference)
            }
            let digest: [ShellWord] =
                task.algorithm.digest.map { ["--digest-algorithm", ShellWord($0.rawValue)] } ?? []
            return [
                commandLine(
                    ["gcloud", "kms", "asymmetric-sign", "--version", task.key] + digest
                        + ["--input-file", task.file, "--signature-file", task.signature])
            ]
        })

    private static let gcpReference =
        "projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/V"

    private static func isKeyVersion(_ reference: [UInt8]) -> Bool {
        let expected = ["projects", "locations", "keyRings", "cryptoKeys", "cryptoKeyVersions"]
        let parts = reference.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 * expected.count, !parts.contains(where: \.isEmpty) else {
            return false
        }
        return expected.indices.allSatisfy { parts[2 * $0].elementsEqual(expected[$0].utf8) }
    }

    /// The `az` command over a key of Azure Key Vault, which signs digests only.
    package static let azureKeyVault = SigningTool(
        name: "azure-keyvault", referenceForm: azureReference, format: .azureKeyVault,
        commands: { task throws(RequestError) in
            guard let name = task.algorithm.azureName, let digest = task.algorithm.digest else {
                throw unsupported("azure-keyvault", task)
            }
            guard let service = service(of: task.keyReference) else {
                throw .malformedReference(task.keyReference, expected: azureReference)
            }
            let hashing = commandLine([
                "openssl", "dgst", ShellWord("-\(digest.rawValue)"), "-binary", task.file,
            ])
            let body = #""{\"alg\":\"\#(name)\",\"value\":\"$digest\"}""#
            let signing = commandLine([
                "az", "rest", "--method", "post", "--resource", service,
                "--url", task.key + "/sign?api-version=7.4",
                "--headers", "Content-Type=application/json",
            ])
            let output = commandLine(
                ["--query", "value", "--output", "tsv"], writingTo: task.signature)
            return [
                "digest=$(\(hashing) | openssl base64 -A | tr '+/' '-_' | tr -d '=')",
                "\(signing) --body \(body) \(output)",
            ]
        })

    private static let azureReference = "https://NAME.vault.azure.net/keys/KEY/VERSION"

    /// The resource for which the key's vault wants its caller authorised: its host's own domain.
    private static func service(of reference: [UInt8]) -> ShellWord? {
        let parts = reference.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 6, reference.starts(with: Array("https://".utf8)),
            parts[3].elementsEqual("keys".utf8), !parts[4].isEmpty, !parts[5].isEmpty,
            let dot = parts[2].firstIndex(of: UInt8(ascii: ".")), dot != parts[2].startIndex
        else { return nil }
        return "https://" + ShellWord(Array(parts[2][(dot + 1)...]))
    }

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
        return part.allSatisfy { $0.isAlphanumeric || "_.-".utf8.contains($0) }
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

extension SignatureAlgorithm {
    /// The service's name for this algorithm; `nil` where it has none.
    fileprivate var azureName: String? {
        switch self {
        case .ecdsaP256SHA256: "ES256"
        case .ecdsaP384SHA384: "ES384"
        case .ecdsaP521SHA512: "ES512"
        case .rsaPSSSHA256: "PS256"
        case .rsaPSSSHA384: "PS384"
        case .rsaPSSSHA512: "PS512"
        case .rsaPKCS1SHA256: "RS256"
        case .rsaPKCS1SHA384: "RS384"
        case .rsaPKCS1SHA512: "RS512"
        default: nil
        }
    }
}
