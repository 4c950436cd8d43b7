import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTestSupport
import Synchronization
import Testing

@Suite("Repairing a bundle")
struct RepairTests {
    @Test("finds nothing to do in a bundle that is whole")
    func nothing() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            let before = try place.files()
            let result = try repairBundle(at: place.bundlePath)
            #expect(result.removed == [] && result.moved == [])
            #expect(try place.files() == before)
            #expect(!fileExists(place.bundle + ".strays"))
        }
    }

    @Test("removes temporary files and moves out everything else that the log does not name")
    func tidying() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            let before = try place.files()
            let temporary = text(TemporaryName.make())
            try writeFile("half", to: place.bundle + "/" + temporary)
            try writeFile("half", to: place.bundle + "/attachments/" + temporary)
            try writeFile("signed", to: place.bundle + "/attachments/a.sig")
            try writeFile("stray", to: place.bundle + "/stray")
            try writeFile("odd", to: place.bundle + "/.closeout-tmp-odd")
            try makeDirectory(place.bundle + "/folder/inner")
            try writeFile("deep", to: place.bundle + "/folder/inner/file")
            try await runSuccessfully("ln", ["-s", "/etc/passwd", place.bundle + "/evidence"])
            let result = try repairBundle(at: place.bundlePath)
            #expect(
                result.removed.map(text).sorted()
                    == [temporary, "attachments/" + temporary].sorted())
            #expect(
                try place.names(place.bundle + ".strays") == [
                    ".closeout-tmp-odd", "attachments_a.sig", "evidence", "folder", "stray",
                ])
            #expect(try place.files() == before)
            let strays = place.bundle + ".strays/"
            #expect(result.moved.allSatisfy { text($0).hasPrefix(strays) })
            #expect(try readFile(strays + "attachments_a.sig") == bytes("signed"))
            #expect(try readFile(strays + "folder/inner/file") == bytes("deep"))
        }
    }

    @Test("gives a stray a number where its name is taken")
    func numbers() async throws {
        try await Place.withBundle { place in
            for number in 0..<3 {
                try writeFile("\(number)", to: place.bundle + "/stray")
                _ = try repairBundle(at: place.bundlePath)
            }
            let strays = place.bundle + ".strays"
            #expect(try place.names(strays) == ["stray", "stray.1", "stray.2"])
            #expect(try readFile(strays + "/stray.2") == bytes("2"))
        }
    }

    @Test("refuses, changing nothing, a log that is shorter than its checkpoint or another one")
    func refusals() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            try place.commit(with: PrivateKey.generate(.ed25519))
            try writeFile("stray", to: place.bundle + "/stray")
            try writeFile("half", to: place.bundle + "/" + text(TemporaryName.make()))
            let log = text(try readFile(place.bundle + "/log.jsonl"))
            let lines = log.split(separator: "\n")
            for content in [
                lines.dropLast().joined(separator: "\n") + "\n",
                log.replacing("2026-11-23T12:00:00Z", with: "2026-11-23T12:00:01Z"),
                String(log.dropLast()),
            ] {
                try writeFile(content, to: place.bundle + "/log.jsonl")
                let before = try place.files()
                let error = try failure { _ = try repairBundle(at: place.bundlePath) }
                guard case .logInDoubt = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(try place.files() == before)
                #expect(!fileExists(place.bundle + ".strays"))
            }
        }
    }

    @Test("holds the bundle's exclusive lock while it works")
    func locking() async throws {
        try await Place.withBundle { place in
            try writeFile("stray", to: place.bundle + "/stray")
            let free = Mutex(0)
            let path = place.bundlePath
            let observer: @Sendable (DiskChange) throws(FileError) -> Void = {
                change throws(FileError) in
                if try Directory.open(path).lockIfFree(.shared) {
                    free.withLock { $0 += 1 }
                }
            }
            let result = try DiskChange.$observer.withValue(observer) {
                try repairBundle(at: path)
            }
            #expect(result.moved.count == 1)
            #expect(free.withLock { $0 } == 0)
        }
    }

    @Test("loses no stray at any loss of power")
    func crash() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            try writeFile("signed", to: place.bundle + "/attachments/a.sig")
            var disk = try SimulatedDisk(reading: bytes(place.path))
            let changes = try await recordingChanges {
                _ = try repairBundle(at: place.bundlePath)
            }
            #expect(changes.count > 4)
            for change in changes {
                disk.apply(change)
                for seed in 0..<64 {
                    let tree = disk.tree(.some(seed: UInt64(seed)))
                    #expect(tree.values.contains(.file(bytes("signed"))), "after \(change)")
                    #expect(tree.values.contains(.file(bytes("evidence"))))
                }
            }
        }
    }
}
