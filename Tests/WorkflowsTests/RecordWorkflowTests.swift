import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Records on an opened bundle")
struct RecordWorkflowTests {
    private static let placement = LegalHold.Placement(
        matter: "m", custodian: "Legal", reason: "a case")

    @Test("what a record is worth is known after the append, as to a reader")
    func hold() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let terms = try place.terms(place.alice)
            let receipt = try await session.placeHold(Self.placement, terms)
            #expect(receipt.stored.count == 2)
            let state = try await session.evidence(terms.append).state
            #expect(state.holds.map(\.isHeld) == [true])
            _ = consume session
            let read = try await BundleEvidence(
                reading: place.bundle, policy: place.policy, at: terms.append.now)
            #expect(read.state == state)
        }
    }

    @Test("a hold ends by two operators, the second signing what the first wrote")
    func release() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            _ = try await session.placeHold(Self.placement, try place.terms(place.alice))
            let first = try await session.releaseHold(
                matter: "m", reason: "over", try place.terms(place.alice))
            #expect(warnings(first).contains { $0.contains("does not count yet") })
            _ = try await session.releaseHold(
                matter: "m", reason: nil, try place.terms(place.bob))
            let options = try place.options()
            let state = try await session.evidence(options).state
            #expect(state.holds.map(\.isHeld) == [false])
        }
    }

    @Test("one key signs a record once")
    func once() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let terms = try place.terms(place.alice)
            let written = try await session.placeHold(Self.placement, terms)
            let record = try #require(written.stored.last)
            let size = session.log.size
            let again = try await session.signRecord(named: record, terms)
            #expect(again.stored == [written.stored[0]])
            #expect(session.log.size == size && !warnings(again).isEmpty)
            let other = try await session.signRecord(named: record, try place.terms(place.bob))
            #expect(other.stored.count == 1 && session.log.size == size + 1)
        }
    }

    @Test("a record that could never count is refused, with the files that go with it")
    func refused() async throws {
        try await Workplace.make { place in
            let before = try place.files()
            var session = try await place.open()
            let draft = RecordDraft(
                body: .readiness(Readiness(references: [], sharedBecause: nil)),
                files: [RecordDraft.File(kind: "tests", path: try place.file("", named: "t.xml"))])
            do {
                _ = try await session.write(draft, try place.terms(place.alice))
                Issue.record("an empty file was taken for tests")
            } catch WorkflowError.refused(let refusal) {
                #expect(refusal.kind == .malformed && refusal.message.contains("empty"))
            }
            #expect(try place.files() == before)
        }
    }

    @Test("a record that was signed before the bundle was opened is stored whole")
    func prepared() async throws {
        try await Workplace.make { place in
            let terms = try place.terms(place.alice)
            let file = try place.file("<testsuite/>", named: "t.xml")
            let draft = RecordDraft(
                body: .readiness(Readiness(references: [], sharedBecause: nil)),
                files: [RecordDraft.File(kind: "tests", path: file)])
            let record = try await PreparedRecord(draft, forBundle: place.bundle, terms)
            let signature = try await EnvelopeSigner(place.alice).sign(record.content)
            var session = try await place.open()
            let receipt = try await session.write(record, signedBy: signature, terms)
            #expect(receipt.stored.count == 3)
            let state = try await session.evidence(terms.append).state
            #expect(state.readiness.records.count == 1)
        }
    }

    @Test(
        "a signature from elsewhere that would fail the bundle is refused, also over what takes effect at once"
    )
    func wrongSignature() async throws {
        try await Workplace.make { place in
            let terms = try place.terms(nil)
            let draft = RecordDraft(body: .legalHold(.place(Self.placement)))
            let record = try await PreparedRecord(draft, forBundle: place.bundle, terms)
            let good = try await EnvelopeSigner(place.alice).sign(record.content)
            let other = try await PreparedRecord(draft, forBundle: place.bundle, terms)
            let text = String(decoding: good.bytes, as: UTF8.self)
            let mark = try #require(text.firstRange(of: "\"sig\":\""))
            let letter = text[mark.upperBound] == "A" ? "B" : "A"
            let broken = text[..<mark.upperBound] + letter + text[mark.upperBound...].dropFirst()
            let before = try place.files()
            for bytes in [
                Array(broken.utf8), try await EnvelopeSigner(place.alice).sign(other.content).bytes,
            ] {
                let signature = Attachment(path: Array("x".utf8), bytes: bytes, format: .dsse)
                var session = try await place.open()
                do {
                    _ = try await session.write(record, signedBy: signature, terms)
                    Issue.record("a wrong signature was stored")
                } catch WorkflowError.refused(let refusal) {
                    #expect(refusal.kind == .failed)
                }
            }
            #expect(try place.files() == before)
            var session = try await place.open()
            _ = try await session.write(record, signedBy: good, terms)
            let digest = try SHA256Digest.of(record.canonicalBytes)
            let after = try place.files()
            let signature = Attachment(
                path: Array("x".utf8), bytes: Array(broken.utf8), format: .dsse)
            do {
                _ = try await session.addSignature(
                    signature, toRecordNamed: Array(digest.hex.utf8), terms)
                Issue.record("a wrong signature was stored")
            } catch WorkflowError.refused(let refusal) {
                #expect(refusal.kind == .failed)
            }
            #expect(try place.files() == after)
        }
    }

    @Test("a file that has changed since the record was signed is refused")
    func changedSince() async throws {
        try await Workplace.make { place in
            let terms = try place.terms(place.alice)
            let file = try place.file("<testsuite/>", named: "t.xml")
            let draft = RecordDraft(
                body: .readiness(Readiness(references: [], sharedBecause: nil)),
                files: [RecordDraft.File(kind: "tests", path: file)])
            let record = try await PreparedRecord(draft, forBundle: place.bundle, terms)
            let signature = try await EnvelopeSigner(place.alice).sign(record.content)
            _ = try place.file("<testsuite></testsuite>", named: "t.xml")
            let before = try place.files()
            var session = try await place.open()
            do {
                _ = try await session.write(record, signedBy: signature, terms)
                Issue.record("another file was stored than was signed for")
            } catch WorkflowError.refused(let refusal) {
                #expect(refusal.kind == .failed)
            }
            #expect(try place.files() == before)
        }
    }
}
