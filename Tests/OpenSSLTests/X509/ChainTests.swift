import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Chains of certificates", .requires("openssl"))
struct ChainTests {
    /// 2026-06-01T00:00:00Z.
    static let now: Int64 = 1_780_272_000

    @Test("a chain to the anchor holds, through authorities in any order, as `openssl verify` says")
    func holds() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            let stranger = try await root.certify("stranger")
            let untrusted = try [stranger, middle.own].map { try read($0) }
            let outcome = try chain(leaf, to: root, untrusted)
            #expect(try outcome == .chain([read(leaf), read(middle.own), read(root.own)]))
            try await root.openssl([
                "verify", "-x509_strict", "-auth_level", "2", "-attime", "\(Self.now)",
                "-CAfile", root.own.path, "-untrusted", middle.own.path, leaf.path,
            ])
            #expect(try chain(leaf, to: root, []) == .notAnchored)
            #expect(try chain(leaf, to: middle, []) == .chain([read(leaf), read(middle.own)]))
        }
    }

    @Test("an authority that comes along with the leaf is no anchor")
    func embeddedRoot() async throws {
        try await withAuthority { root in
            try await withAuthority { other in
                let leaf = try await other.certify("leaf")
                #expect(try chain(leaf, to: root, [read(other.own)]) == .notAnchored)
            }
        }
    }

    @Test("an issuer's name without its signature leads nowhere")
    func forged() async throws {
        try await withAuthority { root in
            try await withAuthority { impostor in
                let leaf = try await impostor.certify("leaf")
                #expect(try chain(leaf, to: root, []) == .notAnchored)
            }
        }
    }

    @Test("times outside of any certificate's validity are refused, and only if a time is asked")
    func times() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify(
                "leaf", from: "20260101000000Z", to: "20260201000000Z")
            let builder = try ChainBuilder(anchor: read(root.own), untrusted: [])
            let leafAlone = try read(leaf)
            func isChain(_ instant: Int64?) throws -> Bool {
                if case .chain = try builder.chain(from: leafAlone, for: .signing, at: instant) {
                    return true
                }
                return false
            }
            #expect(leafAlone.notBefore == 1_767_225_600)
            #expect(leafAlone.notAfter == 1_769_904_000)
            #expect(try isChain(1_767_225_600))
            #expect(try isChain(1_769_903_999))
            #expect(try !isChain(1_767_225_599))
            #expect(try !isChain(1_769_904_001))
            #expect(try isChain(nil))
        }
    }

    @Test(
        "an authority that may not certify is refused",
        arguments: [
            ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,keyCertSign"],
            ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,digitalSignature"],
        ])
    func noAuthority(extensions: [String]) async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle", extensions: extensions)
            let leaf = try await middle.certify("leaf")
            #expect(try isRefused(chain(leaf, to: root, [read(middle.own)])))
        }
    }

    @Test("a path longer than the anchor or the limit allows is refused")
    func pathLength() async throws {
        let short = [
            "basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign",
        ]
        try await withAuthority(extensions: short) { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            #expect(try isRefused(chain(leaf, to: root, [read(middle.own)])))
        }
        try await withAuthority { root in
            var authorities = [root]
            for index in 1...6 {
                authorities.append(try await authorities[index - 1].authority(named: "a\(index)"))
            }
            let untrusted = try authorities.dropFirst().map { try read($0.own) }
            let fits = try await authorities[5].certify("fits")
            guard case .chain = try chain(fits, to: root, untrusted) else {
                Issue.record("five authorities in between are allowed")
                return
            }
            let long = try await authorities[6].certify("long")
            let outcome = try chain(long, to: root, untrusted)
            #expect(isRefused(outcome) || outcome == .notAnchored)
        }
    }

    @Test("a name outside of an authority's name constraints is refused")
    func nameConstraints() async throws {
        let limited =
            Authority.authorityExtensions + ["nameConstraints=critical,permitted;email:acme.test"]
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle", extensions: limited)
            let untrusted = [try read(middle.own)]
            let inside = try await middle.certify(
                "inside", Authority.signerExtensions + ["subjectAltName=email:a@acme.test"])
            let outside = try await middle.certify(
                "outside", Authority.signerExtensions + ["subjectAltName=email:a@evil.test"])
            guard case .chain = try chain(inside, to: root, untrusted) else {
                Issue.record("a permitted name is allowed")
                return
            }
            #expect(try isRefused(chain(outside, to: root, untrusted)))
        }
    }

    @Test("SHA-1 and keys of less than 112 bits are refused")
    func weak() async throws {
        try await withAuthority { root in
            let sha1 = try await root.certify("sha1", digest: "sha1")
            #expect(try isRefused(chain(sha1, to: root, [])))
            let short = try await root.certify(
                "short", key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"])
            #expect(try isRefused(chain(short, to: root, [])))
        }
    }

    @Test("for time-stamps the extension has to be critical and alone")
    func timeStamping() async throws {
        try await withAuthority { root in
            let builder = try ChainBuilder(anchor: read(root.own), untrusted: [])
            let usages = [
                "critical,timeStamping": true, "timeStamping": false,
                "critical,timeStamping,codeSigning": false, "codeSigning": false,
            ]
            for (index, usage) in usages.enumerated() {
                let leaf = try await root.certify(
                    "leaf\(index)",
                    ["keyUsage=critical,digitalSignature", "extendedKeyUsage=\(usage.key)"])
                let outcome = try builder.chain(
                    from: read(leaf), for: .timeStamping, at: Self.now)
                #expect(isRefused(outcome) == !usage.value, "\(usage.key)")
                #expect(try read(leaf).extendedKeyUsage?.isTimeStampingAlone == usage.value)
            }
        }
    }

    private func chain(
        _ leaf: Authority.Certified, to root: Authority, _ untrusted: [Certificate]
    ) throws -> ChainBuilder.Outcome {
        try ChainBuilder(anchor: read(root.own), untrusted: untrusted)
            .chain(from: read(leaf), for: .signing, at: Self.now)
    }

    private func isRefused(_ outcome: ChainBuilder.Outcome) -> Bool {
        if case .refused = outcome { true } else { false }
    }
}

/// Reads a certificate that an authority made.
func read(_ certified: Authority.Certified) throws -> Certificate {
    try Certificate(parsing: certified.certificate())
}

/// Runs a body with a new root in a folder of its own.
func withAuthority<Result>(
    extensions: [String] = Authority.authorityExtensions,
    _ body: (Authority) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { folder in
        try await body(try await Authority.root(in: folder, extensions: extensions))
    }
}
