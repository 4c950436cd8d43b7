import CloseoutTestSupport
import Testing

/// A kind of key, and how `openssl` makes and uses it.
struct KeyCase: Sendable, CustomTestStringConvertible {
    /// The algorithm's name here.
    let algorithm: String
    /// The options of `openssl genpkey`.
    let generation: String
    /// The options of `openssl dgst`; nil for a key that signs without a digest of its own.
    let digest: String?

    var testDescription: String { algorithm }

    private static let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"

    static let all: [KeyCase] = [
        KeyCase(algorithm: "ed25519", generation: "-algorithm ed25519", digest: nil),
        KeyCase(
            algorithm: "ecdsa-p256-sha256",
            generation: "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", digest: "-sha256"),
        KeyCase(
            algorithm: "ecdsa-p384-sha384",
            generation: "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", digest: "-sha384"),
        rsa("rsa-pss-sha256", "-sha256 \(pss)"), rsa("rsa-pss-sha384", "-sha384 \(pss)"),
        rsa("rsa-pss-sha512", "-sha512 \(pss)"), rsa("rsa-pkcs1-sha256", "-sha256"),
        rsa("rsa-pkcs1-sha384", "-sha384"), rsa("rsa-pkcs1-sha512", "-sha512"),
    ]

    private static func rsa(_ algorithm: String, _ digest: String) -> KeyCase {
        KeyCase(
            algorithm: algorithm, generation: "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
            digest: digest)
    }

    /// Makes `signer.pem` and `signer.pub.pem`, and a policy `archive.json` that also takes the key
    /// for the archive.
    func prepare(_ scene: Scene) async throws {
        try await scene.shellDone(
            """
            set -e
            openssl genpkey -quiet \(generation) -out signer.pem
            chmod 600 signer.pem
            openssl pkey -in signer.pem -pubout -out signer.pub.pem
            cp trust.json archive.json
            closeout trust add archive.json signer.pub.pem --operator outside --role archive \
              \(algorithm.hasPrefix("rsa") ? "--algorithm \(algorithm)" : "")
            """)
    }

    /// The command by which `openssl` signs a file.
    func signing(_ file: String, into signature: String) -> String {
        guard let digest else {
            return "openssl pkeyutl -sign -rawin -inkey signer.pem -in \(file) -out \(signature)"
        }
        return "openssl dgst \(digest) -sign signer.pem -out \(signature) \(file)"
    }

    /// The command by which `openssl` verifies a signature over a file.
    func verifying(_ file: String, _ signature: String) -> String {
        guard let digest else {
            return "openssl pkeyutl -verify -rawin -pubin -inkey signer.pub.pem -in \(file) "
                + "-sigfile \(signature)"
        }
        return "openssl dgst \(digest) -verify signer.pub.pem -signature \(signature) \(file)"
    }
}
