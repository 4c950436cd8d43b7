import CloseoutIndex
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

/// The example with which the module opens.
@Suite("The example of the module Index")
struct IndexExample {
    @Test("making an index of a folder, and asking it")
    func example() async throws {
        let folder = Array((repositoryRoot + "/fixtures/released/key").utf8)
        let now = try instant()
        let question = IndexQuestion(
            VerificationRequest(trust: Trust(), asOf: now), RecheckRequest(), now: { now })

        let index = try BundleIndex()
        let indexer = Indexer(places: [folder], question: question, into: index)
        await indexer.look()
        let hits = try index.hits(ofDigest: "5c989bd702ef", page: 0, rows: 100)
        #expect(hits?.total == 0 && indexer.state.isComplete)
    }
}
