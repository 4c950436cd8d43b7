import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Closing on an opened bundle")
struct ClosingWorkflowTests {
    /// Verifies under the session's lock and closes with a key.
    private func close(
        _ session: inout BundleSession, _ place: Workplace, with key: LocalKey
    ) async throws -> ClosedRelease {
        var trust = Trust()
        trust.policy = place.policy
        trust.isFile = true
        var request = VerificationRequest(trust: trust, asOf: try Workplace.instant())
        request.artifacts = .directory(Array("\(place.path)/dist".utf8))
        var recheck = RecheckRequest()
        recheck.criteria = try Profile.artifactsOnly.criteria()
        let checked = try await session.verify(request, recheck)
        return try await session.close(
            checked, CloseTerms(try place.options(), signer: EnvelopeSigner(key)))
    }

    @Test("records a decision that a recheck recomputes")
    func close() async throws {
        try await Workplace.make { place in
            try await place.sign()
            var session = try await place.open()
            let closed = try await close(&session, place, with: place.alice)
            #expect(closed.decision.outcome == .readyForRelease)
            #expect(closed.report.decision?.recorded.map(\.status) == [.pass])
            #expect(!closed.receipt.stored.isEmpty)
            let known = try session.contents(hashingAttachments: true)
            _ = consume session
            let read = try BundleReader(opening: place.bundle).contents()
            #expect(known.files.map(\.reading.digest) == read.files.map(\.reading.digest))
            #expect(try await place.verify().verdict == .verified)
        }
    }

    @Test("a key that may not decide closes nothing, and what is not signed is not decided on")
    func refused() async throws {
        try await Workplace.make { place in
            for isSigned in [false, true] {
                if isSigned { try await place.sign() }
                let before = try place.files()
                var session = try await place.open()
                do {
                    _ = try await close(&session, place, with: place.stranger)
                    Issue.record("it was closed")
                } catch WorkflowError.refused(let refusal) {
                    #expect(refusal.kind == .failed)
                }
                #expect(try place.files() == before)
            }
        }
    }
}
