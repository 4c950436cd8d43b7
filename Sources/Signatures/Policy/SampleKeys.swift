import CloseoutEncodings
package import CloseoutOpenSSL

/// The keys of keys-sample/, whose private halves are known to everybody; its `make` writes this file.
package enum SampleKeys {
    /// Whether a key is one of them.
    package static func contains(_ key: PublicKey) -> Bool {
        let fingerprint = key.fingerprint.hex
        return fingerprints.contains { $0.utf8.elementsEqual(fingerprint.utf8) }
    }

    /// The SHA-256 of each key's SubjectPublicKeyInfo, in hex.
    package static let fingerprints = [
        "81004fc15d8e0641e0115500bdc5acfba2b4a1b9ea98c014c481860e48124f1e",  // authority
        "e01638ba1e411d978c6b8e869fbe5a23a046ab899ae5d9b372010f1c33512ffe",  // ed25519-encrypted
        "b779a2b97e7e083489ae92f7d3f93bb951971418024973efa69a8c6495cd45a9",  // ed25519
        "65ce65a4e4759ad4f89d5ad41a8244caa9df27eb65f7841c560ae3b0663b7dca",  // ml-dsa-44
        "ec8f9d1bda0d71f58cc57a49fc1f4a43ca588343d6241517a066ed0fdc04f608",  // ml-dsa-65
        "59b61fc1d35f6772b2193e10412dab5a153907dff168f703951833ccaccb0f6e",  // ml-dsa-87
        "0415e1d797ccd2b988b626168162ce582a8fd4fa57e61dce8779d0fee2f97d69",  // p256
        "23cf88500e5f1487cbeef3e4d7e407567d23aecc1a200f93faa58fbbc85383d2",  // p384
        "87fe449802ad1cf7321128675e204769df8513d11b122480fcb36c19e249fe7f",  // p521
        "c719cdb9ae42aa9427fcd268f019095dc5a677c16a2d20abdbb40a3904533818",  // rsa2048
        "bbdc696edc376ee775fd18724d39b9df7560d5b3ab592322f61d740b7f02fee7",  // rsa3072
        "a11334974a33f3a219332877535aa0bb4b939251dde416dd937c4436d2dcfcac",  // timestamp
    ]
}
