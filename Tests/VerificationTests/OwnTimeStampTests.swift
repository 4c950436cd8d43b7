import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A time-stamp that comes along with its signature", .requires("openssl"))
struct OwnTimeStampTests {
    /// A format that carries time-stamps along.
    enum Carrier: String, CaseIterable {
        case cms, sigstore
    }

    /// Makes the release's only signature one whose key ended before T, with the time-stamp that is made
    /// of its value, or without one where none is made.
    private func withSignature(
        _ carrier: Carrier, trusting: Bool = true,
        stamp: (Authority.Certified, _ value: [UInt8]) async throws -> [UInt8]?,
        _ body: (Report) async throws -> Void
    ) async throws {
        try await Bench.run { bench in
            try makeDirectory(bench.root + "/tsa")
            let root = try await Authority.root(in: bench.root + "/tsa")
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            if trusting {
                try bench.trust(root, as: "tsa", "stamper", format: "timestamp", role: "timestamp")
            }
            let signature = try await bench.sign(as: carrier)
            let format = carrier == .cms ? SignatureFormat.cms : .sigstore
            let value = try #require(format.timeStampedBytes(of: signature).first)
            if let token = try await stamp(authority, value) {
                try bench.attach(carrier.adding(token, to: signature), as: format)
            } else {
                try bench.attach(signature, as: format)
            }
            try bench.commit()
            try await body(bench.verify())
        }
    }

    private func token(
        _ authority: Authority.Certified, over bytes: [UInt8]
    ) async throws -> [UInt8] {
        try await authority.token(over: SHA256Digest.of(bytes).bytes, at: "20260510000000Z")
    }

    @Test("proves when it was made, without which it cannot count", arguments: Carrier.allCases)
    func proves(carrier: Carrier) async throws {
        try await withSignature(carrier) { _, _ in
            nil
        } _: { report in
            #expect(report.verdict == .incomplete, "\(report.problems)")
            #expect(report.tells(.timestampValid, .notApplicable))
        }
        try await withSignature(carrier) { authority, value in
            try await token(authority, over: value)
        } _: { report in
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(report.tells(.timestampValid, .pass))
            let instant = try at("2026-05-10T00:00:00Z")
            #expect(report.signatures.contains { $0.counts && $0.provenTime == instant })
        }
    }

    @Test("fails the bundle if it covers something else", arguments: Carrier.allCases)
    func otherContent(carrier: Carrier) async throws {
        try await withSignature(carrier) { authority, value in
            try await token(authority, over: value + [0])
        } _: { report in
            #expect(report.verdict == .failed)
            #expect(report.tells(.timestampValid, .fail), "\(report.problems)")
        }
    }

    @Test("fails the bundle if it cannot be read", arguments: Carrier.allCases)
    func malformed(carrier: Carrier) async throws {
        try await withSignature(carrier) { _, _ in
            der(0x30, [0x02, 1, 7])
        } _: { report in
            #expect(report.verdict == .failed)
            #expect(report.tells(.timestampFormat, .fail), "\(report.problems)")
        }
    }

    @Test("by nobody whom the policy knows proves nothing", arguments: Carrier.allCases)
    func stranger(carrier: Carrier) async throws {
        try await withSignature(carrier, trusting: false) { authority, value in
            try await token(authority, over: value)
        } _: { report in
            #expect(report.verdict == .incomplete, "\(report.problems)")
            #expect(report.tells(.timestampAnchorKnown, .unknown))
        }
    }
}

extension Bench {
    /// Puts an authority's certificate into the policy, alone in a role.
    fileprivate mutating func trust(
        _ authority: Authority, as id: String, _ operator: String, format: String, role: String,
        _ members: [JSONMember] = []
    ) throws {
        policy.keys.append(
            .object(
                [
                    JSONMember("id", JSON(id)), JSONMember("operator", JSON(`operator`)),
                    JSONMember("format", JSON(format)),
                    JSONMember("key", .string(try authority.own.certificate())),
                ] + members))
        policy.roles[role] = rule(id)
    }

    /// A signature over the seal by a key that ended on 2026-05-15, alone in the role `release`.
    fileprivate mutating func sign(as carrier: OwnTimeStampTests.Carrier) async throws -> [UInt8] {
        let end = "2026-05-15T00:00:00Z"
        switch carrier {
        case .sigstore:
            let key = try KeyPair(.p256)
            policy.keys.append(key.entry("own", "acme-own", window(to: end)))
            policy.roles["release"] = rule("own")
            return try key.sign(file("seal.json"), as: .sigstore)
        case .cms:
            try makeDirectory(root + "/ca")
            let authority = try await Authority.root(in: root + "/ca")
            let leaf = try await authority.certify("leaf", to: "20260515000000Z")
            try trust(
                authority, as: "ca", "acme-ca", format: "x509", role: "release",
                [
                    JSONMember("subjects", ["CN=leaf,O=Acme"]), JSONMember("revocation", "none"),
                ])
            return try SignatureFormat.signCMS(
                .seal(file("seal.json")), with: PrivateKey(parsing: leaf.key(), passphrase: nil),
                certificates: [Certificate(parsing: leaf.certificate())],
                algorithm: .ecdsaP256SHA256)
        }
    }
}

extension OwnTimeStampTests.Carrier {
    /// The signature with a time-stamp in the place that the format has for it.
    fileprivate func adding(_ token: [UInt8], to signature: [UInt8]) -> [UInt8] {
        switch self {
        case .cms:
            let type: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14]
            let attribute = der(0x30, der(0x06, type) + der(0x31, token))
            return derAppending(der(0xA1, attribute), to: signature, depth: 4)
        case .sigstore:
            let text = String(decoding: signature, as: UTF8.self)
            let stamp = String(decoding: Base64.encode(token), as: UTF8.self)
            return bytes(
                text.replacing(
                    "\"tlogEntries\":[]",
                    with: "\"timestampVerificationData\":{\"rfc3161Timestamps\":"
                        + "[{\"signedTimestamp\":\"\(stamp)\"}]},\"tlogEntries\":[]"))
        }
    }
}
