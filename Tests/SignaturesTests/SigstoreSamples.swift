import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

extension Signer {
    /// A Sigstore bundle with one signature.
    func bundle(
        _ form: SigstoreBundle.Form, _ content: SignedContent = seal
    ) throws -> [UInt8] {
        try SigstoreBundle.signing(content, as: form, with: key(), algorithm: algorithm).encoded
    }
}

/// The forms of bundle that a key can sign.
func forms(of signer: Signer) -> [SigstoreBundle.Form] {
    signer.algorithm == .ed25519 ? [.envelope] : [.message, .envelope]
}

/// A bundle of a signature over a message, without its digest.
func message(_ signature: [UInt8], _ material: JSON = ["publicKey": [:]]) -> JSON {
    [
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "messageSignature": ["signature": .string(Base64.encode(signature))],
        "verificationMaterial": material,
    ]
}

/// An entry of a transparency log with every member that the format has.
let logEntry: JSON = [
    "logIndex": "25901137", "logId": ["keyId": "AQID"],
    "kindVersion": ["kind": "dsse", "version": "0.0.1"], "integratedTime": "1700000000",
    "inclusionPromise": ["signedEntryTimestamp": "AQID"],
    "inclusionProof": [
        "logIndex": "1", "rootHash": "AQID", "treeSize": "2", "hashes": ["AQID", "AQID"],
        "checkpoint": ["envelope": "log.example\n2\nAQID\n\n\u{2014} log.example AQIDBA==\n"],
    ],
    "canonicalizedBody": "e30=",
]

extension JSON {
    /// A copy in which the value at a path of keys is another, or is gone.
    func setting(_ path: [String], to value: JSON?) -> JSON {
        guard let key = path.first, case .object(let members) = self else { return self }
        let inner =
            path.count > 1 ? (self[key] ?? [:]).setting(Array(path.dropFirst()), to: value) : value
        let others = members.filter { !$0.key.isEqual(to: key) }
        return .object(others + (inner.map { [JSONMember(key, $0)] } ?? []))
    }
}
