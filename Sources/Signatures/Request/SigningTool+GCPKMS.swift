import CloseoutOpenSSL

extension SigningTool {
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
}
