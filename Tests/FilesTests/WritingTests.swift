import CloseoutFiles
import CloseoutTestSupport
import Synchronization
import Testing

@Suite("Writing files")
struct WritingTests {
    @Test("never writes over what is there under a new name")
    func newNames() async throws {
        try await withDirectory { directory in
            try directory.write(new: bytes("file"), [1])
            let error = failure { () throws(FileError) in
                try directory.write(new: bytes("file"), [2])
            }
            #expect(error?.cause == .alreadyExists)
            #expect(try directory.read(bytes("file"), limit: 1) == [1])
            let making = failure { () throws(FileError) in
                try directory.makeDirectory(bytes("file"))
            }
            #expect(making?.cause == .alreadyExists)
        }
    }

    @Test("replaces a file whole and leaves no temporary one")
    func replace() async throws {
        try await withDirectory { directory in
            try directory.replace(bytes("file"), with: [1])
            try directory.replace(bytes("file"), with: [2, 3])
            #expect(try directory.read(bytes("file"), limit: 9) == [2, 3])
            #expect(try directory.names() == ["file"])
        }
    }

    @Test("replaces the contents of a file and keeps its permissions, whatever the umask")
    func replaceContents() async throws {
        try await withDirectory { directory in
            for mode: UInt16 in [0o600, 0o666, 0o440] {
                let name = bytes("file-\(mode)")
                try directory.write(new: name, [1])
                try await runSuccessfully(
                    "chmod", [String(mode, radix: 8), directory.path("file-\(mode)")])
                try directory.replaceContents(of: name, with: [2, 3])
                #expect(try directory.read(name, limit: 9) == [2, 3])
                #expect(try directory.status(of: name).mode == mode)
            }
            try directory.replaceContents(of: bytes("new"), with: [4])
            #expect(try directory.names().count == 4)
        }
    }

    @Test("replaces in the order that survives a crash: contents, name, directory")
    func order() async throws {
        try await withDirectory { directory in
            let changes = Mutex<[DiskChange]>([])
            let observer: @Sendable (DiskChange) throws(FileError) -> Void = { change in
                changes.withLock { $0.append(change) }
            }
            let file = Path.join(directory.path, bytes("file"))
            try DiskChange.$observer.withValue(observer) {
                try directory.replace(bytes("file"), with: [7])
            }
            let made = changes.withLock { $0 }
            guard case .create(let temporary) = made.first else {
                Issue.record("the first change is \(made)")
                return
            }
            #expect(TemporaryName.matches(Path.split(temporary).name ?? []))
            #expect(
                made == [
                    .create(temporary), .write(temporary, bytes: [7]), .sync(temporary),
                    .rename(temporary, to: file), .sync(directory.path),
                ])
        }
    }

    @Test("leaves the old file when a step fails", arguments: 0..<4)
    func failingStep(step: Int) async throws {
        try await withDirectory { directory in
            try directory.replace(bytes("file"), with: [1])
            let count = Mutex(0)
            let full = FileError(.write, [], .system(28))
            let observer: @Sendable (DiskChange) throws(FileError) -> Void = {
                _ throws(FileError) in
                let number = count.withLock { number in
                    defer { number += 1 }
                    return number
                }
                if number == step { throw full }
            }
            #expect(throws: FileError.self) {
                try DiskChange.$observer.withValue(observer) {
                    try directory.replace(bytes("file"), with: [2])
                }
            }
            #expect(full.isDiskFull)
            #expect(try directory.read(bytes("file"), limit: 1) == [1])
            #expect(try directory.names() == ["file"])
        }
    }

    @Test("renames a directory to a free name only")
    func renameDirectory() async throws {
        try await withDirectory { directory in
            try directory.makeDirectory(bytes("new"))
            try directory.makeDirectory(bytes("taken"))
            try directory.write(new: bytes("file"), [])
            for name in ["taken", "file"] {
                let error = failure { () throws(FileError) in
                    try directory.rename(directory: bytes("new"), toNew: bytes(name))
                }
                #expect(error?.cause == .alreadyExists)
            }
            try directory.rename(directory: bytes("new"), toNew: bytes("free"))
            #expect(try directory.names() == ["file", "free", "taken"])
        }
    }

    @Test("moves a file to another directory without replacing one there")
    func move() async throws {
        try await withDirectory { directory in
            try directory.makeDirectory(bytes("strays"))
            let strays = try directory.open(bytes("strays"))
            try directory.write(new: bytes("a"), [1])
            try directory.move(file: bytes("a"), to: strays, as: bytes("a"))
            #expect(try directory.names() == ["strays"])
            #expect(try strays.read(bytes("a"), limit: 1) == [1])
            try directory.write(new: bytes("a"), [2])
            let error = failure { () throws(FileError) in
                try directory.move(file: bytes("a"), to: strays, as: bytes("a"))
            }
            #expect(error?.cause == .alreadyExists)
            #expect(try strays.read(bytes("a"), limit: 1) == [1])
        }
    }

    @Test("removes a tree and not what its links lead to")
    func removeTree() async throws {
        try await withDirectory { directory in
            try directory.makeDirectory(bytes("kept"))
            try directory.open(bytes("kept")).write(new: bytes("file"), [1])
            try directory.makeDirectory(bytes("tree"))
            let tree = try directory.open(bytes("tree"))
            try tree.makeDirectory(bytes("below"))
            try tree.open(bytes("below")).write(new: bytes("file"), [1])
            try await tree.link("link", to: "../kept")
            try directory.removeTree(bytes("tree"))
            #expect(try directory.names() == ["kept"])
            #expect(try directory.open(bytes("kept")).names() == ["file"])
        }
    }

    @Test("gives every unfinished file a name of its own, known by its form")
    func temporaryNames() {
        let names = (0..<100).map { _ in TemporaryName.make() }
        #expect(Set(names).count == 100)
        #expect(names.allSatisfy { TemporaryName.matches($0) })
        for name in [
            ".closeout-tmp-", ".closeout-tmp-0123456789abcde", ".closeout-tmp-0123456789abcdeF",
            ".closeout-tmp-0123456789abcdef0", "closeout-tmp-0123456789abcdef", "seal.json",
        ] {
            #expect(!TemporaryName.matches(bytes(name)))
        }
    }
}
