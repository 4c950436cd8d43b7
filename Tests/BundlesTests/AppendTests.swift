import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Adding to a bundle")
struct AppendTests {
    @Test("stores a file under its digest and names it in the log")
    func storing() async throws {
        try await Place.withBundle { place in
            let stored = try place.add("{}", named: "results.json")
            let digest = try SHA256Digest.of(bytes("{}"))
            #expect(text(stored.path) == "attachments/\(digest.hex).json")
            #expect(!stored.existed)
            #expect(try readFile(place.bundle + "/" + text(stored.path)) == bytes("{}"))
            let log = try place.log()
            #expect(log.defects == [])
            #expect(log.entries.last?.path == stored.path)
            #expect(log.entries.last?.size == 2)
        }
    }

    @Test("the same bytes again changes nothing and says where they are")
    func idempotence() async throws {
        try await Place.withBundle { place in
            let first = try place.add("evidence")
            let before = try place.files()
            let second = try place.add("evidence", named: "other.json")
            #expect(second.existed && second.path == first.path)
            #expect(try place.files() == before)
            var appending = try BundleAppending(opening: place.bundlePath)
            _ = try appending.add(evidence("twice"), at: instant())
            #expect(try appending.add(evidence("twice"), at: instant()).existed)
            #expect(appending.size == 6)
            try appending.commit(checkpoint: nil)
            #expect(try place.log().size == 6)
        }
    }

    @Test("takes no file that it is writing for one that the log does not name")
    func unfinished() async throws {
        try await Place.withBundle { place in
            var appending = try BundleAppending(opening: place.bundlePath)
            _ = try appending.add(evidence("first"), at: instant())
            let contents = try appending.contents()
            #expect(contents.unlistedCount == 0 && contents.unlisted.isEmpty)
            try appending.commit(checkpoint: nil)
            #expect(try appending.contents().unlistedCount == 0)
        }
    }

    @Test("leaves no trace when it is let go")
    func lettingGo() async throws {
        try await Place.withBundle { place in
            let before = try place.files()
            do {
                var appending = try BundleAppending(opening: place.bundlePath)
                _ = try appending.add(evidence("never"), at: instant())
                #expect(try place.files() != before)
            }
            #expect(try place.files() == before)
        }
    }

    @Test("refuses a file that holds a private key, and stores nothing")
    func privateKeys() async throws {
        try await Place.withBundle { place in
            let before = try place.files()
            let pem = try PrivateKey.generate(.ed25519).pem(passphrase: nil)
            try writeFile(pem, to: place.path + "/key.txt")
            let path = bytes(place.path + "/key.txt")
            let kinds: [NewFile.Content] = [.bytes(pem), .file(path)]
            for content in kinds {
                let error = try failure {
                    var appending = try BundleAppending(opening: place.bundlePath)
                    _ = try appending.add(
                        NewFile(kind: .attachment, mediaType: .text, content: content),
                        at: instant())
                }
                guard case .privateKey = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            #expect(try place.files() == before)
        }
    }

    @Test("refuses what passes a limit, and what is missing")
    func refusals() async throws {
        try await Place.withBundle { place in
            let before = try place.files()
            let large = [UInt8](repeating: 0x20, count: BundleLimits.record + 1)
            #expect(throws: BundleError.limit("evidence of \(large.count) bytes")) {
                var appending = try BundleAppending(opening: place.bundlePath)
                _ = try appending.add(
                    NewFile(kind: .evidence, mediaType: .record, bytes: large), at: instant())
            }
            let missing = bytes(place.path + "/missing")
            let error = try failure {
                var appending = try BundleAppending(opening: place.bundlePath)
                _ = try appending.add(
                    NewFile(kind: .attachment, mediaType: .text, content: .file(missing)),
                    at: instant())
            }
            guard case .file(let file) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(file.path == missing && file.isMissing)
            #expect(throws: BundleError.self) {
                var appending = try BundleAppending(opening: place.bundlePath)
                _ = try appending.add(
                    NewFile(kind: .seal, mediaType: .seal, bytes: []), at: instant())
            }
            #expect(try place.files() == before)
        }
    }

    @Test("refuses a log with a defect, another seal, and a log that its checkpoint contradicts")
    func doubt() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            let key = try PrivateKey.generate(.ed25519)
            try place.commit(with: key)
            let log = try readFile(place.bundle + "/log.jsonl")
            let seal = try readFile(place.bundle + "/seal.json")
            let checkpoint = try readFile(place.bundle + "/checkpoint")
            let shorter = Array(log.split(separator: 0x0A).dropLast().joined(separator: [0x0A]))
            for (name, content, original) in [
                ("log.jsonl", log.dropLast(), log), ("log.jsonl", shorter + [0x0A], log),
                ("seal.json", seal + [0x0A], seal), ("checkpoint", checkpoint + [0x0A], checkpoint),
                ("checkpoint", [], checkpoint),
            ] {
                try writeFile(Array(content), to: place.bundle + "/" + name)
                let error = try failure { try place.add("more") }
                guard case .logInDoubt = error else {
                    Issue.record("\(name): \(String(describing: error))")
                    continue
                }
                try writeFile(original, to: place.bundle + "/" + name)
            }
            try place.add("more")
            #expect(try place.log().defects == [])
        }
    }

    @Test("refuses what is no bundle")
    func noBundle() async throws {
        try await Place.make { place in
            let error = try failure { try place.add("x") }
            guard case .notABundle(let path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(path == place.bundlePath)
        }
    }

    @Test("by twenty at once loses nothing")
    func concurrency() async throws {
        try await Place.withBundle { place in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        var appending = try await BundleAppending(
                            opening: place.bundlePath, waiting: LockWait())
                        _ = try appending.add(
                            evidence("evidence \(number)"), at: instant())
                        try appending.commit(checkpoint: nil)
                    }
                }
                try await group.waitForAll()
            }
            let log = try place.log()
            #expect(log.defects == [] && log.size == 24)
            #expect(try place.names(place.bundle + "/attachments").count == 20)
        }
    }

    @Test("keeps a checkpoint that others have vouched for, also a second one of the same size")
    func keepingCheckpoints() async throws {
        try await Place.withBundle { place in
            let key = try PrivateKey.generate(.ed25519)
            try place.commit(with: key)
            for (index, witness) in ["first", "second"].enumerated() {
                try cosign(place, as: witness)
                var appending = try BundleAppending(opening: place.bundlePath)
                try appending.keepCheckpoint(at: instant())
                #expect(appending.size == 5 + index)
                try appending.commit(checkpoint: nil)
            }
            let log = try place.log()
            #expect(log.defects == [])
            #expect(text(log.entries[4].path) == "timestamps/checkpoint-4.note")
            #expect(text(log.entries[5].path) == "timestamps/\(log.entries[5].digest.hex).note")
        }
    }

    private func cosign(_ place: Place, as name: String) throws {
        let root = try Directory.open(place.bundlePath)
        var note = try SignedNote(parsing: root.read(BundleLayout.checkpoint, limit: 1 << 16))
        let key = try PrivateKey.generate(.ed25519)
        try note.append(note.cosignature(as: bytes(name), at: instant(), with: key))
        try root.replace(BundleLayout.checkpoint, with: note.encoded)
    }
}
