import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import Testing

/// A report as a verification of a small bundle makes it, with some findings in place of passes.
func report(
    _ findings: [Finding] = [], without: Set<CheckID> = [], signatures: [SignatureLine] = [signed],
    subject: Report.Subject = .bundle, asOfGiven: Bool = false, policy: Bool = true,
    notLookedAt: [String] = [], evidence: EvidenceState? = nil
) throws -> Report {
    let reported = Set(findings.map(\.id)).union(without)
    let passes = CheckID.allCases.filter { !reported.contains($0) }
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
        evidence: evidence, logSize: subject == .bundle ? 7 : nil, asOf: asOf,
        isAsOfGiven: asOfGiven,
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

/// A report in which every outcome stands, on what the verdict depends on and on what it does not.
func mixedReport() throws -> Report {
    var findings = [
        Finding(.artifactDigest, .fail, "bin/tool", "has another SHA-256", hint: "get it again"),
        Finding(.artifactGiven, .unknown, "artifacts", "were not given"),
        Finding(.signatureKeyRevoked, .fail, "s", "is by a revoked key", isRequired: false),
        Finding(.signatureKeyKnown, .unknown, "s", "is a stranger's", isRequired: false),
        Finding(.trustDigest, .notApplicable, "trust.json", "no digest was asked for"),
    ]
    findings += ["a", "a", "b"].map { Finding(.artifactSize, .fail, $0, "differs") }
    return try report(findings, signatures: [signed, stranger])
}

/// A report on something whose seal could not be read.
func unreadableReport() throws -> Report {
    let asOf = try #require(Instant(parsing: Array("2026-11-23T12:00:00Z".utf8)))
    return Report(
        subject: .bundle, release: nil, signatures: [], evidence: nil, logSize: nil, asOf: asOf,
        isAsOfGiven: false, policy: nil, notLookedAt: [],
        findings: [Finding(.sealFormat, .fail, "seal.json", "is no JSON")])
}

/// A report whose every text is hostile.
func hostileReport() throws -> Report {
    let findings = hostileTexts.flatMap { text in
        [
            Finding(.artifactDigest, .fail, text, text, hint: text),
            Finding(.bundleDigest, .fail, text, text),
            Finding(.artifactGiven, .unknown, text, text),
            Finding(.signatureKeyKnown, .unknown, text, text, isRequired: false),
            Finding(.trustDigest, .notApplicable, text, text),
            Finding(.artifactMode, .pass, text, text),
        ]
    }
    let lines = hostileTexts.map { text in
        SignatureLine(
            path: text, format: text, claimedKey: text, key: nil, operator: text, algorithm: text,
            roles: [text], provenTime: nil, provenBy: text, counts: false, reason: text,
            remark: text)
    }
    return try report(findings, signatures: lines, notLookedAt: hostileTexts)
}

/// What HTML, XML, Markdown, JSON, a URI or the log of a build could trip over, unescaped.
let hostileTexts = [
    "<script>alert(1)</script>", "</td></table></style>", "<!--", "-->", "]]>", "&amp;&#60;",
    "' onload='x", "\" onload=\"x", "a|b\\|c\\\\|d", "`code`", "```", " `` ", "**b** _i_ ~~s~~",
    "![x](https://e.example/y)", "[l](javascript:alert(1))", "<https://e.example>",
    "https://e.example www.e.example", "@everyone #1 $x$ $`y`$", "a@b.example", "::error::x",
    "::set-output name=a::b", "%0A::error::x", "##vso[task.complete]x", "##[error]x",
    "##teamcity[x]", "{0} {{1}} \\[a\\](0)", "\u{202E}gpj.exe", "\u{0}\u{1}\u{1B}[2J\u{7F}\u{85}",
    "\u{FFFF}\u{FFFE}\u{E000}", "line\n# VERIFIED\r\n::error::y", "\u{2028}x", "\\u0000 \\x00",
    " blank ", "trailing\\", "%2e%2e/..", "C:\\x", "日本 é 🦉", "",
]
