import Bundles
import Encodings
import OpenSSL
import Signatures
import TestSupport
import Testing
import Verification

extension FailureCase {
    static let material: [FailureCase] = [
        FailureCase(.certificateFormat, "a file is logged as a certificate and is none") {
            try $0.smuggle(bytes("?"), .certificate, as: "certificates/x.crt")
        },
        FailureCase(.certificateChain, "the signer's certificate is below one that is no authority")
        { bench in
            let root = try await bench.authority()
            let middle = try await root.authority(
                named: "middle", extensions: Authority.signerExtensions)
            try await bench.sign(with: middle.certify("leaf"), through: middle)
            bench.trust(root)
        },
        FailureCase(.certificatePurpose, "the signer's certificate is for servers") { bench in
            let root = try await bench.authority()
            let usage = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth"]
            try await bench.sign(with: root.certify("leaf", usage))
            bench.trust(root)
        },
        FailureCase(.certificateRevocation, .unknown, "no list says that a certificate is good") {
            bench in
            let root = try await bench.authority()
            try await bench.sign(with: root.certify("leaf"))
            bench.trust(root, revocation: "crl")
        },
        FailureCase(.timestampFormat, .unknown, "a time-stamp is of a type that nobody knows") {
            try $0.smuggle(bytes("?"), .timestamp, as: "timestamps/x.new", "application/x-new")
        },
        FailureCase(.timestampFormat, "a file is logged as a time-stamp and is none") {
            try $0.smuggle(
                bytes("?"), .timestamp, as: "timestamps/x.tsr", MediaType.timestampToken.name)
        },
        FailureCase(.timestampFormat, "what lies beside the checkpoint is no time-stamp") {
            try $0.write(bytes("?"), to: "checkpoint.tsr")
        },
        FailureCase(.timestampValid, "a time-stamp is over nothing that is here") { bench in
            let token = try await bench.stamp(bytes("something else"))
            try bench.smuggle(
                token, .timestamp, as: "timestamps/x.tsr", MediaType.timestampToken.name)
        },
        FailureCase(
            .timestampAnchorKnown, .unknown, "a time-stamp is by nobody whom the policy knows",
            verdict: .verified
        ) { bench in
            try await bench.write(bench.stamp(bench.file("checkpoint")), to: "checkpoint.tsr")
        },
        FailureCase(
            .timestampStale, .unknown, "the time-stamp is of an earlier checkpoint",
            verdict: .verified
        ) { bench in
            try await bench.write(bench.stamp(bytes("earlier")), to: "checkpoint.tsr")
        },
    ]
}

extension Bench {
    fileprivate func authority() async throws -> Authority {
        try makeDirectory(root + "/authority")
        return try await Authority.root(in: root + "/authority")
    }

    /// A time-stamp by an authority of nobody.
    fileprivate func stamp(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await authority().certify("stamper", Authority.timeStampExtensions)
            .token(over: SHA256Digest.of(bytes).bytes, at: "20260520000000Z")
    }

    /// Has a certificate's key sign the seal, beside the signature that is there.
    fileprivate func sign(
        with signer: Authority.Certified, through authority: Authority? = nil
    ) async throws {
        let chain = authority.map { ["-certfile", $0.own.path] } ?? []
        let signature = try await runSuccessfully(
            "openssl",
            [
                "cms", "-sign", "-binary", "-md", "sha256", "-in", path("seal.json"), "-signer",
                signer.path, "-inkey", signer.keyPath, "-outform", "DER",
            ] + chain)
        try attach(signature, as: .cms)
        try commit()
    }

    /// Has the policy trust those whom an authority certified, and nobody else, for releases.
    fileprivate mutating func trust(_ authority: Authority, revocation: String = "none") {
        policy.keys[0] = [
            "id": "release-2026", "operator": "acme-release", "format": "x509",
            "key": .string((try? authority.own.certificate()) ?? []),
            "subjects": ["CN=leaf,O=Acme"],
            "revocation": JSON(revocation),
        ]
    }
}
