import CloseoutVerification
import Testing

@Suite("The first line")
struct HeadlineTests {
    private static let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test("of a good bundle names release, size, signer, log size, time and policy")
    func verified() throws {
        #expect(
            try report().headline
                == "VERIFIED payments 1.4.0 · 5,000 files, 500 MB · signed by acme-release "
                + "(release-2026) · at log size 7 · as of 2026-11-23T12:00:00Z (now) · "
                + "policy sha256:\(Self.digest)")
    }

    @Test("says when a time was given, and ends with what was not looked at")
    func asOf() throws {
        let line = try report(asOfGiven: true, policy: false, notLookedAt: ["modes ignored"])
            .headline
        #expect(line.hasSuffix("as of 2026-11-23T12:00:00Z · modes ignored"))
        #expect(!line.contains("policy"))
    }

    @Test("of a failed one names what is wrong and how much more is")
    func failed() throws {
        let line = try report([
            Finding(.bundleDigest, .fail, "README.txt", "has another SHA-256 than the log says"),
            Finding(.artifactDigest, .fail, "a", "differs"),
            Finding(.artifactGiven, .unknown, "artifacts", "were not given"),
        ]).headline
        #expect(
            line.hasPrefix(
                "FAILED payments 1.4.0: README.txt has another SHA-256 than the log says "
                    + "(and 1 more) · signed by"))
    }

    @Test("of an incomplete one leads with the gravest gap")
    func gravest() throws {
        let gaps: [CheckID] = [.artifactGiven, .logUncommitted, .trustExpires, .signatureThreshold]
        var findings: [Finding] = []
        for id in gaps {
            findings.append(Finding(id, .unknown, "artifacts", "lacks \(id.rawValue)"))
            let report = try report(findings)
            #expect(report.headline.hasPrefix("INCOMPLETE payments 1.4.0: lacks \(id.rawValue)"))
        }
    }

    @Test("of a copy from which files were withheld leads with how many")
    func withheld() throws {
        let files = (0..<3).map {
            Finding(.recordWithheld, .unknown, "evidence/\($0)", "was withheld from this copy")
        }
        let link = Finding(.recordLink, .unknown, "evidence/x", "links to what is withheld")
        let open = Finding(.artifactGiven, .unknown, "artifacts", "were not given")
        #expect(
            try report(files + [link, open]).headline.hasPrefix(
                "INCOMPLETE payments 1.4.0: 3 files were withheld from this copy (and 2 more)"))
        #expect(
            try report([files[0]]).headline.hasPrefix(
                "INCOMPLETE payments 1.4.0: 1 file was withheld from this copy · "))
        let list = Finding(.recordWithheld, .unknown, "withheld.json", "cannot be read")
        #expect(
            try report([list]).headline.hasPrefix(
                "INCOMPLETE payments 1.4.0: withheld.json cannot be read"))
    }

    @Test("of an incomplete one names the role, path or record that its reason is about")
    func subject() throws {
        for (finding, words) in [
            (
                Finding(
                    .signatureThreshold, .unknown, "role archive", "needs signatures of 2 people"),
                "role archive: needs signatures of 2 people"
            ),
            (
                Finding(.artifactGiven, .unknown, "bin", "is a directory in the manifest"),
                "bin is a directory in the manifest"
            ),
            (
                Finding(.artifactGiven, .unknown, "artifacts", "the shipped files were not given"),
                "the shipped files were not given"
            ),
            (Finding(.sealFormat, .unknown, "seal.json", "cannot be read"), "seal.json cannot"),
        ] {
            let line = try report([finding]).headline
            #expect(line.hasPrefix("INCOMPLETE payments 1.4.0: \(words)"), "\(line)")
        }
    }

    @Test("of one that lacks a check says that one is missing")
    func missing() throws {
        let report = try report(without: [.manifestSums])
        #expect(report.headline.hasPrefix("INCOMPLETE payments 1.4.0: a check is missing"))
    }

    @Test("says that a bundle is frozen and not signed, or that no signature counts")
    func unsigned() throws {
        let gap = [Finding(.signatureThreshold, .unknown, "roles", "frozen, not signed")]
        #expect(try report(gap, signatures: []).headline.contains("frozen, not signed"))
        #expect(try report(gap, signatures: [stranger]).headline.contains("no signature counts"))
    }

    @Test("gives sizes in three digits and counts in groups of three")
    func units() {
        #expect(
            [0, 999, 1000, 1_234_567].map { grouped($0) } == ["0", "999", "1,000", "1,234,567"])
        #expect(
            [0, 999, 1000, 1250, 10_000, 999_999, 1_500_000_000, UInt64.max].map { byteCount($0) }
                == ["0 B", "999 B", "1.0 kB", "1.2 kB", "10 kB", "999 kB", "1.5 GB", "18 EB"])
    }
}
