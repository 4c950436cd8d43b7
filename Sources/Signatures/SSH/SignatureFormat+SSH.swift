import CloseoutOpenSSL

extension SignatureFormat {
    /// A signature that `ssh-keygen -Y sign` makes of a file.
    package static let ssh = SignatureFormat(
        name: "ssh", fileExtension: "sshsig",
        mediaType: "application/vnd.closeout.signature.ssh",
        recognition: .byContent { SSHArmor.begins($0) },
        read: { file throws(SignatureError) in
            [.keyed(try SSHSignature(parsing: file))]
        },
        write: { content, key, algorithm throws(KeyError) in
            try SSHArmor.encode(SSHSignatureBlob.signing(content, key, algorithm).encoded)
        })
}

extension SSHSignatureBlob {
    /// Signs content for the namespace `closeout`, with SHA-512 as `ssh-keygen` does.
    fileprivate static func signing(
        _ content: SignedContent, _ key: borrowing PrivateKey, _ algorithm: SignatureAlgorithm
    ) throws(KeyError) -> SSHSignatureBlob {
        guard let name = SSHSignature.names.first(where: { $0.value == algorithm })?.key,
            let keyBytes = SSHPublicKey.bytes(of: key.publicKey)
        else { throw .unsupported("SSH has no signatures by \(algorithm.rawValue)") }
        let namespace = SSHKey.ownNamespace
        let message: [UInt8]
        do throws(OpenSSLError) {
            message = signingInput(
                namespace: namespace, hash: .sha512,
                digest: try digest(.sha512, of: content.bytes))
        } catch { throw .openSSL(error) }
        var signature = try key.sign(message, algorithm: algorithm)
        if let numbers = PublicKey.ecdsaNumbers(of: signature), algorithm.keyType != .rsa,
            algorithm != .ed25519
        {
            signature = SSHWriter.integer(numbers.r) + SSHWriter.integer(numbers.s)
        }
        return SSHSignatureBlob(
            keyBytes: keyBytes, namespace: namespace, hash: .sha512, algorithm: name,
            signature: signature)
    }
}
