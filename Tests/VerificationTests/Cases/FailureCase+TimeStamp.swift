import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    static let certificate: [FailureCase] = [
        FailureCase(.certificateFormat, "a file among the certificates is none") {
            try $0.smuggle(bytes("?"), .certificate, as: "certificates/x.pem")
        },
        FailureCase(
            .certificateChain, "a signer's certificate is signed with SHA-1", verdict: .incomplete
        ) { bench in
            try await bench.signCMS { try await $0.certify("leaf", digest: "sha1") }
        },
        FailureCase(
            .certificatePurpose, "a signer's certificate is for time-stamps", verdict: .incomplete
        ) { bench in
            try await bench.signCMS {
                try await $0.certify("leaf", Authority.timeStampExtensions)
            }
        },
        FailureCase(.certificateRevocation, .unknown, "no list says who was revoked") { bench in
            try await bench.signCMS { try await $0.certify("leaf") }
        },
        FailureCase(.certificateRevocation, "a signer's certificate was revoked") { bench in
            try await bench.signCMS {
                try await $0.certify("leaf")
            } list: { root, leaf in
                try await root.revocationList([.init(leaf, at: "260401000000Z")])
            }
        },
    ]

    static let timestamp: [FailureCase] = [
        FailureCase(.timestampFormat, "a time-stamp is none") {
            try $0.smuggle(
                bytes("?"), .timestamp, as: "timestamps/x.tsr", "application/timestamp-reply")
        },
        FailureCase(.timestampFormat, "the checkpoint's time-stamp is none") {
            try $0.write(bytes("?"), to: "checkpoint.tsr")
        },
        FailureCase(.timestampFormat, .unknown, "a time-stamp is of a type that nobody knows") {
            try $0.smuggle(bytes("?"), .timestamp, as: "timestamps/x.new", "application/x-new")
        },
        FailureCase(.timestampValid, "a time-stamp covers something that is not here") {
            try await $0.stamp(bytes("something else"))
        },
        FailureCase(.timestampValid, "a time-stamp was changed") { bench in
            try await bench.stamp(bench.file(bench.first(.signature)), flipping: true)
        },
        FailureCase(.timestampValid, "an authority's certificate is for signing code") { bench in
            try await bench.stamp(
                bench.file(bench.first(.signature)), usage: Authority.signerExtensions)
        },
        FailureCase(
            .timestampAnchorKnown, .unknown, "a time-stamp is by nobody the policy knows",
            verdict: .verified
        ) { bench in
            try await bench.stamp(bench.file(bench.first(.signature)), trusting: false)
        },
        FailureCase(
            .timestampStale, .unknown, "the checkpoint's time-stamp covers an earlier one",
            verdict: .verified
        ) { bench in
            let earlier = try bench.checkpointBytes()
            try await bench.stamp(earlier, asCheckpointToken: true)
            try bench.add(.attachment, .octets, bytes("more"))
            try bench.commit()
        },
    ]
}

@Suite("Time-stamps of a bundle", .requires("openssl"))
struct BundleTimeStampTests {
    static let end = [JSONMember("not_after", "2026-05-15T00:00:00Z")]

    @Test("one over a signature, or over the checkpoint, proves when it was made")
    func proves() async throws {
        for overCheckpoint in [false, true] {
            try await Bench.run { bench in
                bench.policy.keys[0] = bench.release.entry(
                    "release-2026", "acme-release", Self.end)
                #expect(try await bench.verify().verdict == .incomplete)
                if overCheckpoint {
                    try await bench.stamp(bench.checkpointBytes(), asCheckpointToken: true)
                } else {
                    try await bench.stamp(bench.file(bench.first(.signature)))
                }
                let report = try await bench.verify()
                #expect(report.verdict == .verified, "\(report.problems)")
                #expect(report.tells(.timestampValid, .pass))
                #expect(report.signatures.first?.provenTime == (try at("2026-05-10T00:00:00Z")))
            }
        }
    }

    @Test("one over the seal, or by the signer's own operator, changes no result")
    func movesNothing() async throws {
        for overSeal in [false, true] {
            try await Bench.run { bench in
                bench.policy.keys[0] = bench.release.entry(
                    "release-2026", "acme-release", Self.end)
                if overSeal {
                    try await bench.stamp(bench.file("seal.json"))
                } else {
                    try await bench.stamp(
                        bench.file(bench.first(.signature)), operator: "acme-release")
                }
                let report = try await bench.verify()
                #expect(report.verdict == .incomplete, "\(report.problems)")
                #expect(report.tells(.timestampValid, .pass))
            }
        }
    }

    @Test("a CMS signature counts with a list from the bundle, and dates by its value")
    func cms() async throws {
        try await Bench.run { bench in
            try await bench.signCMS {
                try await $0.certify("leaf")
            } list: { root, _ in
                try await root.revocationList()
            }
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
        }
    }
}

extension Bench {
    fileprivate func checkpointBytes() throws -> [UInt8] { try file("checkpoint") }

    /// Stores a time-stamp of 2026-05-10 over these bytes.
    fileprivate mutating func stamp(
        _ bytes: [UInt8], flipping: Bool = false,
        usage: [String] = Authority.timeStampExtensions, trusting: Bool = true,
        operator name: String = "stamper", asCheckpointToken: Bool = false
    ) async throws {
        let folder = root + "/tsa"
        try makeDirectory(folder)
        let authority = try await Authority.root(in: folder)
        var token = try await authority.certify("tsa", usage).token(
            over: SHA256Digest.of(bytes).bytes, at: "20260510000000Z")
        if flipping { token[token.count - 5] ^= 1 }
        if trusting {
            policy.keys.append(
                .object([
                    JSONMember("id", "tsa"), JSONMember("operator", JSON(name)),
                    JSONMember("format", "timestamp"),
                    JSONMember("key", .string(try authority.own.certificate())),
                ]))
            policy.roles["timestamp"] = rule("tsa")
        }
        guard !asCheckpointToken else {
            try write(token, to: "checkpoint.tsr")
            return
        }
        try smuggle(token, .timestamp, as: "timestamps/a.tsr", "application/timestamp-reply")
    }

    /// Has the role `release` filled by a CMS signature alone, with a list where one is made.
    fileprivate mutating func signCMS(
        _ certify: (Authority) async throws -> Authority.Certified,
        list: ((Authority, Authority.Certified) async throws -> [UInt8])? = nil
    ) async throws {
        let folder = root + "/ca"
        try makeDirectory(folder)
        let authority = try await Authority.root(in: folder)
        let leaf = try await certify(authority)
        let file = try SignatureFormat.signCMS(
            .seal(file("seal.json")), with: PrivateKey(parsing: leaf.key(), passphrase: nil),
            certificates: [Certificate(parsing: leaf.certificate())],
            algorithm: .ecdsaP256SHA256)
        try attach(file, as: .cms)
        if let list {
            try smuggle(try await list(authority, leaf), .certificate, as: "certificates/a.pem")
        }
        try commit()
        policy.keys.append(
            .object([
                JSONMember("id", "ca"), JSONMember("operator", "acme-ca"),
                JSONMember("format", "x509"),
                JSONMember("key", .string(try authority.own.certificate())),
                JSONMember("subjects", .array(["CN=leaf,O=Acme"])),
            ]))
        policy.roles["release"] = rule("ca")
    }
}
