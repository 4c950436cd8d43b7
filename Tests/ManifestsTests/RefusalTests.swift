import CloseoutFiles
import CloseoutManifests
import CloseoutTestSupport
import Synchronization
import Testing

@Suite("Trees that cannot be frozen")
struct RefusalTests {
    @Test("hold nothing, or no file")
    func empty() async throws {
        try await Scratch.make { scratch in
            #expect(try await scratch.refusal() == .noFiles)
            try scratch.directory("d")
            try await scratch.link("l", to: "d")
            #expect(try await scratch.refusal() == .noFiles)
        }
    }

    @Test("are missing, or no directory")
    func missing() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            for (name, path) in [("missing", "/missing"), ("file", "/x")] {
                let error = await #expect(throws: ManifestError.self, "\(name)") {
                    _ = try await freeze(
                        .directory(bytes(scratch.tree + path)), options: ManifestOptions(),
                        into: scratch.output())
                }
                guard case .file(let error)? = error else { continue }
                #expect(error.isMissing)
                #expect(error.path == bytes(scratch.tree + path))
            }
        }
    }

    @Test("would hold what is written", arguments: ["tree", "tree/d", "link"])
    func inside(target: String) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            try scratch.directory("d")
            try await runSuccessfully("ln", ["-s", scratch.tree + "/d", scratch.path + "/link"])
            let path = bytes(scratch.path + "/" + target)
            await #expect(throws: ManifestError.targetInsideRoot(path)) {
                _ = try await freeze(
                    .directory(bytes(scratch.tree)), options: ManifestOptions(),
                    into: Directory.open(path))
            }
            #expect(try Directory.open(bytes(scratch.tree)).entries().count == 2)
        }
    }

    @Test("hold a FIFO or a socket")
    func special() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a")
            try scratch.directory("d")
            try await runSuccessfully("mkfifo", [scratch.tree + "/d/fifo"])
            let fifo = Irregularity(path: bytes("d/fifo"), kind: .special(.fifo))
            #expect(try await scratch.refusal() == .refused(fifo))
            try await runSuccessfully("rm", [scratch.tree + "/d/fifo"])
            try await runSuccessfully(
                "perl",
                [
                    "-MIO::Socket::UNIX", "-e",
                    "IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die",
                    scratch.tree + "/d/socket",
                ])
            let socket = Irregularity(path: bytes("d/socket"), kind: .special(.socket))
            #expect(try await scratch.refusal() == .refused(socket))
        }
    }

    @Test("hold a setuid, setgid or sticky file", arguments: ["4755", "2755", "1644"])
    func specialModes(mode: String) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("d/x", mode: mode)
            let bits = try #require(UInt16(mode, radix: 8))
            #expect(
                try await scratch.refusal() == .specialMode(path: bytes("d/x"), mode: bits))
            let exact = try await scratch.freeze(ManifestOptions(modes: .exact))
            #expect(exact.lines[2].hasPrefix(#"{"mode":"\#(mode)","path":"d/x","#))
            let ignored = try await scratch.freeze(ManifestOptions(modes: .ignore))
            #expect(ignored.lines[2].hasPrefix(#"{"path":"d/x","#))
        }
    }

    @Test("hold a path longer than a manifest lists")
    func tooLong() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            let name = [UInt8](repeating: UInt8(ascii: "n"), count: 240)
            var directory = try Directory.open(bytes(scratch.tree))
            for _ in 0..<17 {
                try directory.makeDirectory(name)
                directory = try directory.open(name)
            }
            try directory.write(new: name, [])
            let refusal = try await scratch.refusal()
            guard case .refused(let refused)? = refusal else {
                Issue.record("not refused: \(String(describing: refusal))")
                return
            }
            #expect(refused.kind == .tooLong)
            #expect(refused.path.count > Manifest.longestPath)
        }
    }
}

@Suite("A tree that changes under the hands")
struct ChangingTreeTests {
    /// Something that happens to the tree after its first file has been opened.
    struct Event: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let happen: @Sendable (_ scratch: Scratch) throws -> Void

        init(_ description: String, _ happen: @escaping @Sendable (Scratch) throws -> Void) {
            testDescription = description
            self.happen = happen
        }
    }

    @Test(
        "is refused when the file that is read changes",
        arguments: [
            Event("it grows") { try writeFile("contents and more", to: $0.tree + "/a") },
            Event("it is cut") { try writeFile("c", to: $0.tree + "/a") },
            Event("it is emptied") { try writeFile("", to: $0.tree + "/a") },
            Event("it gets other contents") { try writeFile("CONTENTS", to: $0.tree + "/a") },
            Event("it is removed") { try Directory.open(bytes($0.tree)).remove(bytes("a")) },
        ])
    func changing(event: Event) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a", "contents")
            let place = bytes(scratch.tree + "/a")
            #expect(
                try await Self.refusal(scratch, event) == .file(FileError(.read, place, .changed)))
        }
    }

    @Test(
        "is refused when a file goes before it is opened",
        arguments: [
            Event("it is removed") { try Directory.open(bytes($0.tree + "/d")).remove(bytes("b")) },
            Event("its directory is renamed") {
                try Directory.open(bytes($0.tree)).rename(bytes("d"), to: bytes("e"))
            },
        ])
    func vanishing(event: Event) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a", "contents")
            try await scratch.file("d/b", "contents")
            let place = bytes(scratch.tree + "/d/b")
            #expect(
                try await Self.refusal(scratch, event) == .file(FileError(.open, place, .vanished)))
        }
    }

    @Test("is refused when a file is swapped before it is opened", arguments: ["link", "fifo"])
    func swapped(other: String) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a", "contents")
            try await scratch.file("b", "contents")
            try await runSuccessfully("ln", ["-s", "a", scratch.path + "/link"])
            try await runSuccessfully("mkfifo", [scratch.path + "/fifo"])
            let event = Event("") { scratch in
                let tree = try Directory.open(bytes(scratch.tree))
                try tree.remove(bytes("b"))
                try Directory.open(bytes(scratch.path)).move(
                    file: bytes(other), to: tree, as: bytes("b"))
            }
            let place = bytes(scratch.tree + "/b")
            #expect(
                try await Self.refusal(scratch, event) == .file(FileError(.open, place, .changed)))
        }
    }

    @Test("has a difference when a file changes while it is compared")
    func compared() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a", "contents")
            let manifest = try await scratch.freeze().read()
            let event = Event("") { try writeFile("CONTENTS", to: $0.tree + "/a") }
            let root = try Directory.open(bytes(scratch.tree))
            let differences = try await compare(
                manifest, root: root, workers: 1, progress: Self.progress(scratch, event))
            #expect(differences == [ArtifactDifference(path: bytes("a"), kind: .changedWhileRead)])
        }
    }

    /// Freezes, lets the event happen meanwhile, and tells why the tree is refused.
    private static func refusal(_ scratch: Scratch, _ event: Event) async throws -> ManifestError? {
        do {
            _ = try await freeze(
                .directory(bytes(scratch.tree)), options: ManifestOptions(workers: 1),
                into: scratch.output(), progress: progress(scratch, event))
            return nil
        } catch let error as ManifestError {
            return error
        }
    }

    /// Lets the event happen after the first bytes of the first file have been read.
    private static func progress(_ scratch: Scratch, _ event: Event) -> Progress {
        let isDone = Mutex(false)
        return Progress(interval: 0) { _ in
            isDone.withLock { isDone in
                if isDone { return }
                isDone = true
                do { try event.happen(scratch) } catch { Issue.record(error) }
            }
        }
    }
}

@Suite("When the target fails")
struct TargetTests {
    @Test("the failure is reported with the path that could not be written", arguments: 0..<6)
    func diskFull(step: Int) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            let count = Mutex(0)
            let observer: @Sendable (DiskChange) throws(FileError) -> Void = {
                change throws(FileError) in
                let number = count.withLock { number in
                    defer { number += 1 }
                    return number
                }
                if number == step { throw FileError(.write, bytes("\(change)"), .system(28)) }
            }
            let output = try scratch.output()
            var failure: ManifestError?
            do {
                _ = try await DiskChange.$observer.withValue(observer) {
                    try await freeze(
                        .directory(bytes(scratch.tree)), options: ManifestOptions(), into: output)
                }
            } catch let error as ManifestError {
                failure = error
            }
            guard case .file(let error)? = failure else {
                Issue.record("step \(step) gave \(String(describing: failure))")
                return
            }
            #expect(error.isDiskFull)
        }
    }

    @Test("nothing there is overwritten")
    func taken() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            let output = try scratch.output()
            try output.write(new: Manifest.sumsFileName, [1])
            let path = Path.join(output.path, Manifest.sumsFileName)
            await #expect(
                throws: ManifestError.file(FileError(.create, path, .alreadyExists))
            ) {
                _ = try await freeze(
                    .directory(bytes(scratch.tree)), options: ManifestOptions(), into: output)
            }
            #expect(try output.read(Manifest.sumsFileName, limit: 1) == [1])
        }
    }
}
