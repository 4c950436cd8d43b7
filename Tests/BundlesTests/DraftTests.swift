import CloseoutBundles
import CloseoutFiles
import CloseoutManifests
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Making a bundle")
struct DraftTests {
    @Test("puts a whole bundle at its target, the same bytes for the same tree")
    func publishing() async throws {
        try await Place.make { place in
            try await place.freeze()
            #expect(
                try place.names(place.bundle) == [
                    "README.txt", "SHA256SUMS", "log.jsonl", "manifest.jsonl", "seal.json",
                ])
            #expect(try place.names(place.path) == ["payments-1.4.0.closeout", "tree"])
            let first = try place.files()
            try await runSuccessfully("rm", ["-r", place.bundle])
            try await place.freeze()
            #expect(try place.files() == first)
        }
    }

    @Test("leaves nothing when it is let go")
    func lettingGo() async throws {
        try await Place.make { place in
            try await letGo(place)
            #expect(try place.names(place.path) == ["tree"])
        }
    }

    private func letGo(_ place: Place) async throws {
        var draft = try await place.draft()
        _ = try draft.add(
            NewFile(kind: .signature, mediaType: .signature(.raw), bytes: [1, 2, 3]))
        #expect(try place.names(place.path).count == 2)
    }

    @Test("leaves nothing when the source is refused")
    func refusedSource() async throws {
        try await Place.make { place in
            try await runSuccessfully("mkfifo", [place.tree + "/fifo"])
            await #expect(throws: ManifestError.self) { try await place.freeze() }
            #expect(try place.names(place.path) == ["tree"])
        }
    }

    @Test("never overwrites what has appeared at the target meanwhile")
    func existing() async throws {
        try await Place.make { place in
            try makeDirectory(place.bundle)
            try writeFile("mine", to: place.bundle + "/file")
            let error = await failureOfFreezing(place)
            guard case .exists(let path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(path == place.bundlePath)
            #expect(try place.names(place.bundle) == ["file"])
            #expect(try place.names(place.path) == ["payments-1.4.0.closeout", "tree"])
            try await runSuccessfully("rm", ["-r", place.bundle])
            try writeFile("a file", to: place.bundle)
            #expect(await failureOfFreezing(place) != nil)
            #expect(try readFile(place.bundle) == bytes("a file"))
        }
    }

    private func failureOfFreezing(_ place: Place) async -> BundleError? {
        do {
            try await place.freeze()
            return nil
        } catch {
            return error as? BundleError
        }
    }

    @Test("takes signatures only")
    func signaturesOnly() async throws {
        try await Place.make { place in
            var draft = try await place.draft()
            #expect(throws: BundleError.self) {
                try draft.add(NewFile(kind: .readme, mediaType: .text, bytes: []))
            }
        }
    }

    @Test("says what is at a target")
    func existingBundle() async throws {
        try await Place.make { place in
            #expect(try sealOfBundle(at: place.target()) == nil)
            try await place.freeze()
            #expect(try sealOfBundle(at: place.target())?.release.version == "1.4.0")
            try writeFile("{}", to: place.bundle + "/seal.json")
            #expect(throws: BundleError.self) { try sealOfBundle(at: place.target()) }
        }
    }
}
