import Encodings
import OpenSSL
import Records
import Signatures
import TestSupport
import Testing

@Suite("No state of evidence")
struct MonotonyTests {
    /// A story of random records, links and signatures.
    private func story(_ random: inout some RandomNumberGenerator) throws -> Story {
        var story = Story()
        story.thresholds[.retention] = Int.random(in: 1...2, using: &random)
        var requests: [SHA256Digest] = []
        var denials: [SHA256Digest] = []
        var holds: [SHA256Digest] = []
        var acceptances: [SHA256Digest] = []
        var revocations: [SHA256Digest] = []
        for _ in 0..<Int.random(in: 1...14, using: &random) {
            let digest: SHA256Digest
            let undone = (denials + revocations).filter { _ in Bool.random(using: &random) }
                .map { ("supersedes", $0) }
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                let year = Int.random(in: 2030...2040, using: &random)
                digest = try story.add(request(until: "\(year)-01-01T00:00:00Z"), undone)
                requests.append(digest)
            case 1, 2:
                guard let asked = requests.randomElement(using: &random) else { continue }
                digest = try story.add(decision(.approved), [("request", asked)] + undone)
            case 3:
                guard let asked = requests.randomElement(using: &random) else { continue }
                digest = try story.add(decision(.denied), [("request", asked)])
                denials.append(digest)
            case 4:
                digest = try story.add(placement())
                holds.append(digest)
            case 5:
                guard let placed = holds.randomElement(using: &random) else { continue }
                digest = try story.add(release(), [("placement", placed)])
            case 6:
                digest = try story.add(
                    acceptance(["f", "g"].randomElement(using: &random) ?? "f"),
                    [("evidence", try RecordsTests.digest("e"))] + undone)
                acceptances.append(digest)
            default:
                guard let accepted = acceptances.randomElement(using: &random) else { continue }
                digest = try story.add(revocation, [("acceptance", accepted)])
                revocations.append(digest)
            }
            let needed = story.records.last?.record.signingRules.flatMap(\.roles) ?? []
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let isNeeded = Int.random(in: 0..<5, using: &random) > 0
                let roles = isNeeded ? needed : Role.signingRecords
                let hand = Story.Hand(
                    name: ["a", "b", "c"].randomElement(using: &random) ?? "a",
                    role: roles.randomElement(using: &random) ?? .hold)
                try story.sign(digest, by: hand)
            }
        }
        return story
    }

    /// That nothing which speaks for the release is in the second state only, and nothing which
    /// speaks against it in the first only.
    private func expectNoBetter(_ later: EvidenceState, than earlier: EvidenceState) {
        #expect(earlier.retention.isApproved || !later.retention.isApproved)
        #expect(
            Set(later.retention.approved.map(\.record.digest))
                .isSubset(of: earlier.retention.approved.map(\.record.digest)))
        #expect(
            Set(earlier.retention.denials).isSubset(of: later.retention.denials))
        for (hold, before) in zip(later.holds, earlier.holds) {
            #expect(hold.isHeld || !before.isHeld)
        }
        for (item, before) in zip(later.acceptances, earlier.acceptances) {
            #expect(item.status != .accepted || before.status == .accepted)
        }
        func shortened(_ state: EvidenceState) -> Set<SHA256Digest> {
            Set(
                state.issues.filter { if case .shortened = $0.problem { true } else { false } }
                    .map(\.record))
        }
        #expect(shortened(earlier).isSubset(of: shortened(later)))
    }

    @Test("improves because signatures cease to count, or because time passes")
    func ageing() throws {
        var random = SplitMix64(seed: 11)
        var approved = 0
        var accepted = 0
        for _ in 0..<1000 {
            let story = try story(&random)
            let now = try story.state()
            approved += now.retention.isApproved ? 1 : 0
            accepted += now.acceptances.count { $0.status == .accepted }
            var gone: Set<String> = []
            for index in story.records.indices {
                for role in Role.signingRecords {
                    for name in ["a", "b", "c"] where Int.random(in: 0..<4, using: &random) == 0 {
                        gone.insert("\(index) \(role) \(name)")
                    }
                }
            }
            let aged = story.without { gone.contains("\($0) \($1) \($2)") }
            expectNoBetter(try aged.state(), than: now)
            expectNoBetter(try story.state(asOf: "2030-01-01T00:00:00Z"), than: now)
        }
        // The property says something only where much is approved and accepted.
        #expect(approved > 20 && accepted > 50)
    }

    @Test("is other than a function of records, signatures and T")
    func deterministic() throws {
        var random = SplitMix64(seed: 12)
        for _ in 0..<100 {
            let story = try story(&random)
            #expect(try story.state() == story.state())
            #expect(try story.state().issues == story.state().issues)
        }
    }
}
