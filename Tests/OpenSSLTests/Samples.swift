import CloseoutOpenSSL
import CloseoutTestSupport

/// The sample key of each type, RSA with the smallest modulus that is allowed.
let sampleNames: [KeyType: String] = [
    .ed25519: "ed25519", .p256: "p256", .p384: "p384", .p521: "p521",
    .rsa: "rsa2048",
    .mldsa44: "ml-dsa-44", .mldsa65: "ml-dsa-65", .mldsa87: "ml-dsa-87",
]

/// The types that the libcrypto of this machine has.
let availableTypes = KeyType.allCases.filter { isAvailable($0) }

/// The algorithms that the libcrypto of this machine has.
let availableAlgorithms = SignatureAlgorithm.allCases.filter { isAvailable($0.keyType) }

/// The path of a file of keys-sample/.
func samplePath(_ file: String) -> String {
    repositoryRoot + "/keys-sample/" + file
}

/// The name of a type's sample.
func sampleName(_ type: KeyType) throws -> String {
    guard let name = sampleNames[type] else { throw MissingSample(type: type) }
    return name
}

/// The sample's public half.
func samplePublicKey(_ type: KeyType) throws -> PublicKey {
    try PublicKey(pem: readFile(samplePath(sampleName(type) + ".pub.pem")))
}

/// The sample's private half.
func samplePrivateKey(_ type: KeyType) throws -> PrivateKey {
    try PrivateKey(parsing: readFile(samplePath(sampleName(type) + ".pem")), passphrase: nil)
}

/// A type that has no sample.
struct MissingSample: Error {
    let type: KeyType
}

/// The UTF-8 bytes of a text.
func bytes(_ text: String) -> [UInt8] {
    [UInt8](text.utf8)
}

/// The bytes of hexadecimal digits; blanks between them do not count.
func unhex(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// Lower-case hexadecimal digits.
func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The bytes with one bit of the byte at a place turned over.
func flipping(_ bytes: [UInt8], at place: Int) -> [UInt8] {
    var copy = bytes
    copy[place] ^= 1
    return copy
}

private func isAvailable(_ type: KeyType) -> Bool {
    switch type {
    case .ed25519, .p256, .p384, .p521, .rsa: true
    case .mldsa44, .mldsa65, .mldsa87: (try? PrivateKey.generate(type).publicKey) != nil
    }
}
