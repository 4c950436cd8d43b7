import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("The criterion evidence.content")
struct ContentCriterionTests {
    private static let good = "<testsuite><testcase/></testsuite>"
    private static let bad = "<testsuite><testcase><failure/></testcase></testsuite>"
    private static let sbom = #"{"bomFormat":"CycloneDX","components":[{"name":"tool"}]}"#

    private func demanding(_ kinds: String = #""tests""#, waivable: Bool = true) throws -> Criteria
    {
        try criteria(
            #"{"id":"E","title":"t","check":"evidence.content","with":{"evidence":[\#(kinds)]},"severity":"high","waivable":\#(waivable)}"#
        )
    }

    /// A release with readiness records that link files of these contents.
    private func release(_ links: [(Readiness.Evidence, String)]) throws -> ReleaseCase {
        var release = ReleaseCase()
        release.attachments = Set(try links.map { try digest($0.1) })
        for (kind, text) in links {
            try release.add(.readiness(Readiness(references: [])), [(kind.rawValue, digest(text))])
        }
        return release
    }

    private func result(
        _ links: [(Readiness.Evidence, String)], _ criteria: Criteria, read: Bool = true
    ) throws -> CriterionResult {
        let decision = try decision(release(links), links, criteria, read: read)
        return try #require(decision.results.first)
    }

    private func decision(
        _ release: ReleaseCase, _ links: [(Readiness.Evidence, String)], _ criteria: Criteria,
        read: Bool = true
    ) throws -> Decision {
        var contents: [SHA256Digest: EvidenceContent] = [:]
        for (_, text) in links {
            contents[try digest(text)] = EvidenceContent(of: Array(text.utf8))
        }
        var shipped = ShippedNames()
        shipped.names = [Array("tool".utf8)]
        return decide(
            try release.report(), health: try release.health(), criteria: criteria,
            content: read ? EvidenceContents(contents, shipped: shipped) : EvidenceContents())
    }

    @Test("passes on what was read and says nothing against the release, and rests on the files")
    func passes() throws {
        let result = try result([(.tests, Self.good)], demanding())
        #expect(result.status == .pass)
        #expect(result.evidence == [try digest(Self.good)])
        #expect(result.reason.hasSuffix(" reports 1 test that passed"))
        let two = try self.result(
            [(.tests, Self.good), (.sbom, Self.sbom)], demanding(#""tests","sbom""#))
        #expect(two.status == .pass)
    }

    @Test("fails where one of several files reports a failure, which can be accepted by itself")
    func fails() throws {
        let links = [(Readiness.Evidence.tests, Self.good), (.tests, Self.bad)]
        let criteria = try demanding()
        let failed = try result(links, criteria)
        #expect(failed.status == .fail)
        #expect(failed.evidence == [try digest(Self.bad)])
        #expect(failed.reason.contains("reports 1 failure in 1 test"))
        var accepted = try release(links)
        try accepted.accept("E", on: [digest(Self.bad)])
        #expect(try decision(accepted, links, criteria).outcome == .readyWithAcceptedRisk)
        var other = try release(links)
        try other.accept("E", on: [digest(Self.good)])
        #expect(try decision(other, links, criteria).outcome == .blocked)
        #expect(
            try decision(accepted, links, demanding(waivable: false)).outcome == .blocked)
    }

    @Test("demands of a file that is linked as several kinds that it shows each of them")
    func severalKinds() throws {
        let kinds = [Readiness.Evidence.tests, .sbom, .scan]
        for text in [Self.good, Self.sbom] {
            for order in [kinds, kinds.reversed()] {
                let names = order.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
                let result = try result(order.map { ($0, text) }, demanding(names))
                #expect(result.status == .unknown, "\(names): \(result.reason)")
                #expect(result.evidence == [try digest(text)])
            }
        }
        let failing = try result(
            [(.sbom, Self.bad), (.tests, Self.bad)], demanding(#""sbom","tests""#))
        #expect(failing.status == .fail)
        #expect(failing.reason.contains("reports 1 failure in 1 test"))
    }

    @Test("fails, on the seal, where there is no evidence of a kind")
    func absent() throws {
        let result = try result([(.tests, Self.good)], demanding(#""tests","scan""#))
        #expect(result.status == .fail)
        #expect(result.evidence == [try release([]).seal])
        #expect(result.reason == "there is no evidence of scan")
    }

    @Test(
        "is unknown, and blocks, where a file cannot be read, was not read, or is of another kind")
    func unknown() throws {
        let tests = try demanding()
        for (text, reason) in [
            ("ok 1", "is neither XML nor a JSON object"),
            ("<testsuite/>", "reports no test that ran"),
            (Self.sbom, "is CycloneDX JSON, and no evidence of tests"),
        ] {
            let result = try result([(.tests, Self.good), (.tests, text)], tests)
            #expect(result.status == .unknown && result.reason.contains(reason), "\(result.reason)")
            #expect(result.evidence == [try digest(text)])
        }
        let unread = try result([(.tests, Self.good)], tests, read: false)
        #expect(unread.status == .unknown && unread.reason.hasSuffix("was not read"))
        var referred = ReleaseCase()
        try referred.add(.readiness(Readiness(references: [.init(.tests, "JOB-7")])))
        #expect(try decision(referred, [], tests).results.first?.status == .unknown)
    }

    @Test("is reported as a note where nothing asks for it, and decides nothing then")
    func notes() throws {
        let links = [(Readiness.Evidence.tests, Self.bad)]
        let criteria = try criteria(
            #"{"id":"R","title":"t","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"high","waivable":true}"#
        )
        let decision = try decision(release(links), links, criteria)
        #expect(decision.outcome == .readyForRelease)
        #expect(
            decision.notes.contains {
                $0.hasSuffix("reports 1 failure in 1 test, and no criterion asks for that")
            })
    }

    @Test("takes tests, sbom and scan, each once, and no other kind")
    func kinds() throws {
        #expect(throws: Never.self) { try demanding(#""scan","sbom","tests""#) }
        for kinds in [#""approval""#, #""tests","tests""#, "", #""provenance""#] {
            #expect(throws: CriteriaError.self) { try demanding(kinds) }
        }
    }
}

@Suite("The profile release")
struct ReleaseProfileTests {
    @Test("demands tests, a bill of materials, two signers, an approval and retention")
    func criteria() throws {
        let criteria = try Profile.release.criteria()
        #expect(criteria.criteria.map(\.id) == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"])
        #expect(Profile.names == ["artifacts-only", "release", "final-closeout"])
        let checks = criteria.criteria.map(\.check)
        #expect(checks.contains(.sealSigned(role: .release, operators: 2)))
        for kind in [Readiness.Evidence.tests, .sbom, .approval] {
            #expect(checks.contains(.readinessComplete([kind])))
        }
        #expect(checks.contains { $0.name == .retentionApproved })
    }
}
