import CloseoutBundles
import CloseoutManifests
import CloseoutOpenSSL

extension BundleSession {
    /// Signs the seal with a key of this process.
    ///
    /// - Parameters:
    ///   - signer: The key and the format. Any other signer runs before the bundle is opened, and
    ///     what it gave is attached.
    ///   - keyFile: The public key's file, for a shell, where it is known.
    ///   - options: What all appends have in common.
    /// - Returns: Where the signature lies; a warning where it will not count, or not for ever.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func sign(
        with signer: FormatSigner, keyFile: String? = nil, _ options: AppendOptions
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        do {
            let signature = try signer.sealSignature(sealBytes)
            receipt.stored.append(try appending.add(signature, at: options.now).path)
            try await commit(options, &receipt)
        } catch {
            throw takeBack(because: error)
        }
        receipt.note(fingerprints(of: signer.key.publicKey))
        KeyOutlook(
            key: signer.key.publicKey, certificate: signer.certificates.first, keyFile: keyFile,
            bundle: path, release: seal.release.name
        ).warn(options.policy, &receipt)
        return receipt
    }
}
