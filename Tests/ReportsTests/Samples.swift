import Encodings
import Manifests
import OpenSSL
import Testing
import Verification

/// A report as a verification of a small bundle makes it, with some findings in place of passes.
func report(
    _ findings: [Finding] = [], without: Set<CheckID> = [], signatures: [SignatureLine] = [signed],
    subject: Report.Subject = .bundle, asOfGiven: Bool = false, policy: Bool = true,
    notLookedAt: [String] = []
) throws -> Report {
    let told = Set(findings.map(\.id)).union(without)
    let passes = CheckID.allCases.filter { !told.contains($0) }
        .map { Finding($0, .pass, "the subject of \($0.rawValue)", "is as it must be") }
    var totals = ManifestTotals()
    totals.files = 5000
    totals.directories = 12
    totals.bytes = 500_000_000
    let digest = try SHA256Digest.of([])
    let asOf = try #require(Instant(parsing: Array("2026-11-23T12:00:00Z".utf8)))
    let seal = Seal(
        created: asOf, release: try Release(name: "payments", version: "1.4.0"),
        manifestDigest: digest, merkleRoot: digest, totals: totals)
    return Report(
        subject: subject, release: .init(seal, digest: digest), signatures: signatures,
        evidence: nil, logSize: subject == .bundle ? 7 : nil, asOf: asOf, isAsOfGiven: asOfGiven,
        policy: policy ? digest : nil, notLookedAt: notLookedAt, findings: passes + findings)
}

/// A signature that counts.
let signed = SignatureLine(
    path: "signatures/" + String(repeating: "ab", count: 32) + ".dsse.json", format: "dsse",
    claimedKey: String(repeating: "cd", count: 32), key: "release-2026", operator: "acme-release",
    algorithm: "ed25519", roles: ["release"], provenTime: nil, provenBy: nil, counts: true,
    reason: "verifies")

/// A signature by a stranger.
let stranger = SignatureLine(
    path: "signatures/x.dsse.json", format: "dsse", claimedKey: String(repeating: "cd", count: 32),
    key: nil, operator: nil, algorithm: nil, roles: [], provenTime: nil, provenBy: nil,
    counts: false, reason: "no key of the policy made it")
