import CloseoutRecords
import CloseoutSignatures
import Testing

@Suite("A record that was taken from a file of another system")
struct SourceTests {
    @Test("is asserted also where its kind needs no signature, and shows no readiness")
    func asserted() throws {
        for (links, isImported) in [([], false), ([("source", try digest("file"))], true)] {
            var story = Story()
            let readiness = Readiness(references: [.init(.alert, "a-1")])
            try story.add(.readiness(readiness), links)
            let state = try story.state()
            #expect(state.records.map(\.status.counts) == [!isImported])
            #expect(state.issues.count == (isImported ? 1 : 0))
            #expect(state.readiness.asserted[.alert] == (isImported ? nil : ["a-1"]))
            #expect(state.readiness.imported == (isImported ? [.alert] : []))
        }
    }

    @Test("settles no delivery, and opens one")
    func deliveries() throws {
        let source = [("source", try digest("file"))]
        var story = Story()
        try story.add(delivery(.delivered), source)
        #expect(try story.state().deliveries.items.map(\.isImported) == [true])
        try story.add(delivery(.failed))
        try story.add(delivery(.delivered), source)
        #expect(try story.state().deliveries.open.count == 1)
        try story.add(delivery(.delivered))
        #expect(try story.state().deliveries.open.isEmpty)
        #expect(try story.state().deliveries.items.map(\.isImported) == [false])
        try story.add(delivery(.failed), source)
        #expect(try story.state().deliveries.open.count == 1)
    }

    @Test("counts once those have signed it whom its kind needs")
    func signed() throws {
        var story = Story()
        let digest = try story.add(try request(), [("source", try digest("file"))])
        #expect(try story.state().record(digest)?.status.counts == false)
        try story.sign(digest, by: .init(name: "alice", role: .requester))
        #expect(try story.state().record(digest)?.status.counts == true)
    }

    @Test("names one file, and a readiness record something beside it")
    func links() throws {
        let shown = Readiness(references: [.init(.alert, "a-1")])
        for (body, links) in [
            (Readiness(references: []), [("source", "a")]),
            (shown, [("source", "a"), ("source", "b")]),
        ] {
            let bytes = try record(.readiness(body), links.map { (kind: $0.0, file: $0.1) })
                .canonicalBytes
            #expect(throws: RecordError.self) { try Record(parsing: bytes) }
        }
    }
}
