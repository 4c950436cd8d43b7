import CloseoutFiles
import CloseoutTestSupport
import Testing

@Suite("Directories")
struct DirectoryTests {
    @Test("are locked against each other, however often they are opened")
    func locks() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let first = try Directory.open(path)
            let second = try Directory.open(path)
            #expect(try first.lock(.shared, waiting: false))
            #expect(try second.lock(.shared, waiting: false))
            #expect(try !second.lock(.exclusive, waiting: false))
            try first.unlock()
            #expect(try second.lock(.exclusive, waiting: false))
            #expect(try !first.lock(.shared, waiting: false))
        }
    }

    @Test("that another keeps locked are waited for so long and no longer, and the folder is named")
    func lockedForEver() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let holder = try Directory.open(path)
            #expect(try holder.lock(.shared, waiting: false))
            let waiter = try Directory.open(path)
            try LockWait.$seconds.withValue(0) {
                try waiter.lockWherePossible(.shared)
                let error = failure { () throws(FileError) in
                    _ = try waiter.lock(.exclusive, waiting: true)
                }
                #expect(error == FileError(.lock, path, .locked(seconds: 0)))
            }
            try holder.unlock()
        }
    }

    @Test("are had as soon as another lets go")
    func lockInTurn() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let holder = try Directory.open(path)
            #expect(try holder.lock(.exclusive, waiting: false))
            async let isHad = Directory.open(path).lock(.exclusive, waiting: true)
            try await Task.sleep(for: .milliseconds(50))
            try holder.unlock()
            #expect(try await isHad)
        }
    }

    @Test("let go of their lock with the value")
    func lockLifetime() async throws {
        try await withDirectory { directory in
            let path = directory.path
            for _ in 0..<2 {
                let isLocked = try Directory.open(path).lock(.exclusive, waiting: false)
                #expect(isLocked)
            }
        }
    }

    @Test("know whether they lie inside another, whatever path led there")
    func inside() async throws {
        try await withDirectory { directory in
            try directory.makeDirectory(bytes("a"))
            try directory.open(bytes("a")).makeDirectory(bytes("b"))
            try directory.makeDirectory(bytes("c"))
            try await directory.link("link", to: "a/b")
            let a = try directory.open(bytes("a"))
            let b = try Directory.open(Path.join(directory.path, bytes("link")))
            let c = try Directory.open(Path.join(directory.path, bytes("c/../c")))
            #expect(try b.isInside(a))
            #expect(try b.isInside(directory))
            #expect(try a.isInside(a))
            #expect(try !a.isInside(b))
            #expect(try !c.isInside(a))
        }
    }

    @Test(
        "split a path before its last component",
        arguments: [
            ("a/b", "a", "b"), ("b", ".", "b"), ("/b", "/", "b"), ("a//b/", "a", "b"),
            ("../b", "..", "b"), ("//b", "/", "b"),
        ])
    func split(path: String, directory: String, name: String) {
        let (found, last) = Path.split(bytes(path))
        #expect(found == bytes(directory))
        #expect(last == bytes(name))
    }

    @Test("have no last component in some paths", arguments: ["", "/", ".", "a/..", ".."])
    func splitNothing(path: String) {
        #expect(Path.split(bytes(path)).name == nil)
    }

    @Test("join paths with one slash")
    func join() {
        #expect(Path.join(bytes("a"), bytes("b")) == bytes("a/b"))
        #expect(Path.join(bytes("/"), bytes("b")) == bytes("/b"))
        #expect(Path.join([], bytes("b")) == bytes("b"))
    }
}

@Suite("A cursor in a tree")
struct TreeCursorTests {
    @Test("opens each path below its root, in any order")
    func order() async throws {
        try await withDirectory { root in
            let paths = ["a", "d/a", "d/e/a", "d/e/f/a", "d/g/a", "de/a"]
            for path in paths {
                let folder = root.path(path.dropLast(2).isEmpty ? "" : String(path.dropLast(2)))
                try makeDirectory(folder)
                try writeFile(path, to: root.path(path))
            }
            var generator = SplitMix64(seed: 1)
            var cursor = try TreeCursor(root: root)
            for _ in 0..<200 {
                let path = paths[Int.random(in: 0..<paths.count, using: &generator)]
                let file = try cursor.openFile(bytes(path).span)
                #expect(try file.readAll(limit: 100) == bytes(path))
            }
        }
    }

    @Test(
        "leaves its root by no path",
        arguments: ["/etc/hostname", "../x", "d/../x", "d/./x", "d//x", "link/x", "d/up/x", ""])
    func escapes(path: String) async throws {
        try await withDirectory { root in
            try root.makeDirectory(bytes("d"))
            try root.write(new: bytes("x"), [1])
            try root.open(bytes("d")).write(new: bytes("x"), [1])
            try await root.link("link", to: "d")
            try await root.open(bytes("d")).link("up", to: "..")
            var cursor = try TreeCursor(root: root)
            _ = try cursor.openFile(bytes("d/x").span)
            #expect(throws: FileError.self) { _ = try cursor.openFile(bytes(path).span) }
            #expect(try cursor.openFile(bytes("d/x").span).readAll(limit: 1) == [1])
        }
    }
}

@Suite("The machine")
struct MachineTests {
    @Test("tells its variables, its time and its processors")
    func basics() async throws {
        #expect(Machine.environment("PATH")?.isEmpty == false)
        #expect(Machine.environment("CLOSEOUT_NO_SUCH_VARIABLE") == nil)
        #expect(Machine.processorCount >= 1)
        let before = Machine.monotonicNanoseconds()
        #expect(Machine.monotonicNanoseconds() >= before)
        let earlier = Machine.secondsSince1970()
        let date = String(decoding: try await runSuccessfully("date", ["+%s"]), as: UTF8.self)
        let seconds = try #require(Int64(date.dropLast()))
        #expect((earlier...Machine.secondsSince1970()).contains(seconds))
    }
}
