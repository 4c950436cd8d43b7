import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("A ruling")
struct RulingTests {
    /// The rule as docs/records.md has it, by going through everything each time.
    private struct Plain {
        var denials: [SHA256Digest] = []
        var approvals: [SHA256Digest] = []
        var proposals: Set<SHA256Digest> = []

        mutating func deny(_ digest: SHA256Digest) {
            denials.append(digest)
            approvals = []
            proposals = []
        }

        mutating func propose(_ digest: SHA256Digest, undoing: Set<SHA256Digest>) -> Bool {
            guard undoing.isSuperset(of: denials) else { return false }
            proposals.insert(digest)
            return true
        }

        mutating func approve(_ digest: SHA256Digest) -> Bool {
            guard proposals.remove(digest) != nil else { return false }
            denials = []
            approvals.append(digest)
            return true
        }

        mutating func undo(_ digest: SHA256Digest) { denials.removeAll { $0 == digest } }
    }

    @Test("gives what the plain rule gives, whatever is said in whatever order")
    func plainRule() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<300 {
            var (ruling, plain) = (Ruling(), Plain())
            var said: [SHA256Digest] = []
            for number in 0..<60 {
                let digest = try SHA256Digest.of([UInt8(number)])
                let known = said.randomElement(using: &random) ?? digest
                switch Int.random(in: 0..<5, using: &random) {
                case 0, 1:
                    ruling.deny(digest)
                    plain.deny(digest)
                case 2:
                    let named = Set(said.filter { _ in Int.random(in: 0..<8, using: &random) > 0 })
                    let others = Set(said.filter { _ in Bool.random(using: &random) })
                    #expect(
                        ruling.propose(digest, undoing: named, and: others)
                            == plain.propose(digest, undoing: named.union(others)))
                case 3: #expect(ruling.approve(known) == plain.approve(known))
                default:
                    ruling.undo(known)
                    plain.undo(known)
                }
                said.append(digest)
                #expect(ruling.denials == plain.denials)
                #expect(ruling.approvals == plain.approvals)
                #expect(ruling.isApproved == !plain.approvals.isEmpty)
                #expect(ruling.isApproved(by: known) == plain.approvals.contains(known))
            }
        }
    }
}
