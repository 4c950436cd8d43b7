import CloseoutFiles
import CloseoutTestSupport
import Testing

@Suite("Reading files")
struct ReadingTests {
    @Test("reads a file of any size whole", arguments: [0, 1, 4096, 262_144, 1_000_003])
    func whole(size: Int) async throws {
        try await withDirectory { directory in
            let contents = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            try directory.write(new: bytes("file"), contents)
            #expect(try directory.read(bytes("file"), limit: size) == contents)
            #expect(try readFile(Path.join(directory.path, bytes("file")), limit: size) == contents)
        }
    }

    @Test("refuses a file larger than the limit before reading it")
    func limit() async throws {
        try await withDirectory { directory in
            try directory.write(new: bytes("file"), [1, 2, 3])
            let error = failure { () throws(FileError) in
                _ = try directory.read(bytes("file"), limit: 2)
            }
            #expect(error?.cause == .tooLarge(limit: 2))
            #expect(error?.path == Path.join(directory.path, bytes("file")))
        }
    }

    @Test("does not follow a link in a directory, and names it")
    func links() async throws {
        try await withDirectory { directory in
            try directory.write(new: bytes("file"), [1])
            try directory.makeDirectory(bytes("folder"))
            try await directory.link("to-file", to: "file")
            try await directory.link("to-folder", to: "folder")
            let file = failure { () throws(FileError) in
                _ = try directory.read(bytes("to-file"), limit: 9)
            }
            #expect(file?.isLink == true)
            #expect(file?.path == Path.join(directory.path, bytes("to-file")))
            let folder = failure { () throws(FileError) in
                _ = try directory.open(bytes("to-folder"))
            }
            #expect(folder?.operation == .open)
            #expect(folder != nil)
            #expect(try directory.readLink(bytes("to-file")) == bytes("file"))
            #expect(try directory.status(of: bytes("to-file")).kind == .symlink)
        }
    }

    @Test("knows a FIFO, a directory and a socket from a file without waiting for anybody")
    func specialFiles() async throws {
        try await withDirectory { directory in
            try await runSuccessfully("mkfifo", [directory.path("fifo")])
            try directory.makeDirectory(bytes("folder"))
            for (name, kind) in [("fifo", FileKind.fifo), ("folder", .directory)] {
                let error = failure { () throws(FileError) in
                    _ = try directory.openFile(bytes(name))
                }
                #expect(error?.cause == .notRegular(kind))
            }
            try await runSuccessfully(
                "perl",
                [
                    "-MIO::Socket::UNIX", "-e",
                    "IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die",
                    directory.path("socket"),
                ])
            #expect(try directory.status(of: bytes("socket")).kind == .socket)
            #expect(throws: FileError.self) { _ = try directory.openFile(bytes("socket")) }
        }
    }

    @Test(
        "refuses names that are not one component that leads down",
        arguments: ["", ".", "..", "a/b", "/a", "a/", "a\0b"])
    func names(name: String) async throws {
        try await withDirectory { directory in
            let error = failure { () throws(FileError) in
                _ = try directory.read(bytes(name), limit: 1)
            }
            #expect(error?.cause == .badName)
            let opening = failure { () throws(FileError) in _ = try directory.open(bytes(name)) }
            #expect(opening?.cause == .badName)
            let writing = failure { () throws(FileError) in
                try directory.write(new: bytes(name), [])
            }
            #expect(writing?.cause == .badName)
        }
    }

    @Test("lists raw names in the order of their bytes, also names that are not UTF-8")
    func listing() async throws {
        try await withDirectory { directory in
            let names: [[UInt8]] = [
                [0xFF, 0xFE], bytes("b"), bytes("a b"), bytes("a\n"), bytes("B"), bytes("é"),
            ]
            for name in names { try directory.write(new: name, []) }
            try directory.makeDirectory(bytes("folder"))
            let entries = try directory.entries()
            #expect(
                entries.map(\.name) == [
                    bytes("B"), bytes("a\n"), bytes("a b"), bytes("b"), bytes("folder"), bytes("é"),
                    [0xFF, 0xFE],
                ])
            #expect(entries.filter { $0.kind == .directory }.map(\.name) == [bytes("folder")])
        }
    }

    @Test("knows a file that the system makes up, with contents and no size, from a changed one")
    func sizeless() async throws {
        let error = failure { () throws(FileError) in
            _ = try readFile(bytes("/proc/version"), limit: 1 << 16)
        }
        #expect(error?.cause == .sizeless)
    }

    @Test("reads a pipe that a user names to its end, within its limit, or finds it empty")
    func pipe() async throws {
        try await withDirectory { directory in
            try await runSuccessfully("mkfifo", [directory.path("pipe")])
            let path = bytes(directory.path("pipe"))
            #expect(try readFile(path, limit: 1) == [])
            #expect(try readInput(path, limit: 1).isPipe)
            for (limit, size) in [(200_000, 200_000), (199_999, nil)] as [(Int, Int?)] {
                try await runSuccessfully(
                    "sh",
                    [
                        "-c", "(exec > /dev/null 2>&1; head -c 200000 /dev/zero > \"$1\") &",
                        "sh", directory.path("pipe"),
                    ])
                var read: [UInt8] = []
                let error = failure { () throws(FileError) in
                    while read.isEmpty { read = try readFile(path, limit: limit) }
                }
                #expect(error?.cause == (size == nil ? .tooLarge(limit: limit) : nil))
                #expect(size == nil || read.count == size)
            }
        }
    }

    @Test("knows a missing file from one that cannot be read")
    func missing() async throws {
        try await withDirectory { directory in
            let missing = failure { () throws(FileError) in
                _ = try directory.read(bytes("nothing"), limit: 1)
            }
            #expect(missing?.isMissing == true)
            #expect(missing?.problem == "cannot open: no such file or directory")
            // A process's memory can be opened, and has nothing to read at its beginning.
            let unreadable = failure { () throws(FileError) in
                _ = try readFile(bytes("/proc/self/mem"), limit: 1)
            }
            #expect(unreadable?.isMissing == false)
            #expect(unreadable?.operation == .read)
        }
    }
}

@Suite("A file that changes while it is read")
struct ChangingFileTests {
    @Test(
        "is not taken for a whole one",
        arguments: [
            "printf more >>", "truncate -s 2", "truncate -s 0", "touch -d 2001-01-01", "rm --",
            "chmod 0400",
        ])
    func changes(command: String) async throws {
        try await withDirectory { directory in
            try directory.write(new: bytes("file"), [1, 2, 3, 4, 5, 6])
            var file = try directory.openFile(bytes("file"))
            var buffer = [UInt8](repeating: 0, count: 4)
            #expect(try file.read(into: &buffer) == 4)
            try await runSuccessfully("sh", ["-c", "\(command) '\(directory.path("file"))'"])
            var outcome: FileError.Cause?
            do throws(FileError) {
                while try file.read(into: &buffer) > 0 {}
            } catch {
                outcome = error.cause
            }
            #expect(outcome == .changed)
        }
    }

    @Test("is reported also when it was empty")
    func empty() async throws {
        try await withDirectory { directory in
            try directory.write(new: bytes("file"), [])
            var file = try directory.openFile(bytes("file"))
            try writeFile("x", to: directory.path("file"))
            var buffer = [UInt8](repeating: 0, count: 4)
            var outcome: FileError.Cause?
            do throws(FileError) {
                while try file.read(into: &buffer) > 0 {}
            } catch {
                outcome = error.cause
            }
            #expect(outcome == .changed)
        }
    }
}
