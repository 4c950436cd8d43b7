import CloseoutBundles
import CloseoutFiles
import CloseoutTestSupport
import CloseoutWorkflows
import Testing

@Suite("An opened bundle")
struct SessionTests {
    @Test("keeps a second writer out as long as it lives")
    func secondWriter() async throws {
        try await Workplace.make { place in
            let session = try await place.open()
            await #expect(throws: WorkflowError.self) { _ = try await place.open() }
            _ = consume session
            _ = try await place.open()
        }
    }

    @Test("a file that is not as the log says is not vouched for")
    func changed() async throws {
        try await Workplace.make { place in
            try writeFile("other", to: "\(place.path)/p-1.closeout/README.txt")
            let before = try place.files()
            var session = try await place.open()
            await #expect(throws: WorkflowError.self) {
                var session = try await place.open()
                _ = try await session.checkpoint(try place.options())
            }
            do {
                _ = try await session.checkpoint(try place.options())
                Issue.record("a checkpoint was signed")
            } catch WorkflowError.bundle(.logInDoubt) {}
            #expect(try place.files() == before)
        }
    }

    @Test("without a log key the receipt says how to commit")
    func uncommitted() async throws {
        try await Workplace.make { place in
            var options = try place.options()
            options.logSigner = nil
            var session = try await place.open()
            let receipt = try await session.add(
                [try place.file("x", named: "x.txt")], options)
            guard case .note(let note)? = receipt.remarks.last else {
                Issue.record("\(receipt.remarks)")
                return
            }
            #expect(note.contains("closeout checkpoint"))
            #expect(session.log.size == 6)
        }
    }

    @Test("a missing file leaves the bundle as it was")
    func missing() async throws {
        try await Workplace.make { place in
            let before = try place.files()
            let files = [try place.file("x", named: "x.txt"), Array("\(place.path)/none".utf8)]
            var session = try await place.open()
            do {
                _ = try await session.add(files, try place.options())
                Issue.record("a file that is not there was added")
            } catch WorkflowError.bundle(.file(let error)) {
                #expect(error.isMissing)
            }
            #expect(try place.files() == before)
        }
    }

    @Test("repair moves out what the log does not name")
    func repair() async throws {
        try await Workplace.make { place in
            try makeDirectory("\(place.path)/p-1.closeout/evidence")
            try writeFile("x", to: "\(place.path)/p-1.closeout/evidence/stray.json")
            var session = try await place.open()
            let receipt = try await session.repair()
            #expect(receipt.stored.count == 1)
            #expect(try await session.repair().stored.isEmpty)
        }
    }
}
