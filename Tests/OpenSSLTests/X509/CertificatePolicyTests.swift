import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Certificate policies", .requires("openssl"))
struct CertificatePolicyTests {
    /// Lines for an authority below the root, one below that, and the leaf, and whether the chain holds.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let first: [String]
        let second: [String]
        let leaf: [String]
        let holds: Bool

        init(
            _ title: String, _ first: [String], _ second: [String] = [], leaf: [String],
            holds: Bool
        ) {
            testDescription = title
            self.first = first
            self.second = second
            self.leaf = leaf
            self.holds = holds
        }
    }

    private static let one = "certificatePolicies=1.2.3.1"
    private static let two = "certificatePolicies=1.2.3.2"
    private static let any = "certificatePolicies=2.5.29.32.0"
    private static let both = "certificatePolicies=1.2.3.1,1.2.3.2"
    private static let demand = "policyConstraints=critical,requireExplicitPolicy:0"
    private static let later = "policyConstraints=critical,requireExplicitPolicy:3"
    private static let noMapping =
        "policyConstraints=critical,requireExplicitPolicy:0,inhibitPolicyMapping:0"
    private static let noAny = "inhibitAnyPolicy=critical,0"
    private static let mapping = "policyMappings=critical,1.2.3.1:1.2.3.2"

    static let cases: [Case] = [
        Case("nothing is demanded", [one], [two], leaf: [], holds: true),
        Case("one is demanded, and none is there", [one, demand], [one], leaf: [], holds: false),
        Case("one is demanded, and is there", [one, demand], [one], leaf: [one], holds: true),
        Case("another is there", [one, demand], [one], leaf: [two], holds: false),
        Case("one is missing in between", [one, demand], [], leaf: [one], holds: false),
        Case("any policy is one", [one, demand], [any], leaf: [one], holds: true),
        Case("any policy at the end", [one, demand], [one], leaf: [any], holds: true),
        Case("no longer any policy", [one, demand, noAny], [any], leaf: [one], holds: false),
        Case("demanded too late", [one, later], [one], leaf: [], holds: true),
        Case("mapped", [both, demand], [one, mapping], leaf: [two], holds: true),
        Case("mapped away", [one, demand], [one, mapping], leaf: [one], holds: false),
        Case(
            "mapped where that is inhibited", [both, noMapping], [one, mapping],
            leaf: [two], holds: false),
        Case(
            "mapped to any policy", [one, demand],
            [one, "policyMappings=critical,1.2.3.1:2.5.29.32.0"], leaf: [two], holds: false),
        Case(
            "one stands twice", [one, demand], [one], leaf: [one + ",1.2.3.1"], holds: false),
        Case(
            "not critical, and just as binding",
            [one, "policyConstraints=requireExplicitPolicy:0"], [one], leaf: [], holds: false),
    ]

    @Test("hold or not as RFC 5280 has it, and openssl verify -policy_check", arguments: cases)
    func chains(item: Case) async throws {
        try await withAuthority { root in
            let base = Authority.authorityExtensions
            let first = try await root.authority(named: "first", extensions: base + item.first)
            let second = try await first.authority(named: "second", extensions: base + item.second)
            let leaf = try await second.certify("leaf", Authority.signerExtensions + item.leaf)
            let builder = ChainBuilder(
                anchor: try read(root.own), untrusted: [try read(first.own), try read(second.own)])
            let outcome = try builder.chain(
                from: read(leaf), for: .signing, at: ChainTests.now)
            if case .chain = outcome {
                #expect(item.holds)
            } else {
                #expect(!item.holds, "\(outcome)")
            }
            try writeFile(
                first.own.certificate() + second.own.certificate(), to: root.path("others"))
            let oracle = try? await root.openssl([
                "verify", "-x509_strict", "-attime", "\(ChainTests.now)", "-CAfile", root.own.path,
                "-untrusted", "others", "-policy_check", "-policy", "2.5.29.32.0", leaf.path,
            ])
            #expect((oracle != nil) == item.holds)
        }
    }

    @Test("of an anchor bind nobody: it is no part of the path")
    func anchor() async throws {
        let extensions =
            Authority.authorityExtensions + [Self.one, Self.demand]
        try await withAuthority(extensions: extensions) { root in
            let leaf = try await root.certify("leaf")
            let outcome = try ChainBuilder(anchor: read(root.own), untrusted: [])
                .chain(from: read(leaf), for: .signing, at: ChainTests.now)
            #expect(try outcome == .chain([read(leaf), read(root.own)]))
        }
    }

    @Test("that are too many to be checked are refused, and end soon")
    func many() async throws {
        let both = [
            "certificatePolicies=1.2.3.1,1.2.3.2,1.2.3.3,1.2.3.4,1.2.3.5,1.2.3.6",
            "policyMappings="
                + (1...6).flatMap { from in (1...6).map { "1.2.3.\(from):1.2.3.\($0)" } }
                .joined(separator: ","),
        ]
        try await withAuthority { root in
            var authorities = [root]
            for index in 1...5 {
                authorities.append(
                    try await authorities[index - 1].authority(
                        named: "a\(index)", extensions: Authority.authorityExtensions + both))
            }
            let leaf = try await authorities[5].certify(
                "leaf", Authority.signerExtensions + [both[0]])
            let untrusted = try authorities.dropFirst().map { try read($0.own) }
            let outcome = try ChainBuilder(anchor: read(root.own), untrusted: untrusted)
                .chain(from: read(leaf), for: .signing, at: ChainTests.now)
            guard case .refused(let reason) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(reason.contains("more than can be checked"))
        }
    }
}
