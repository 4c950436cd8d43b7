import CloseoutFiles
import CloseoutTestSupport
import Synchronization
import Testing

@Suite("Directories")
struct DirectoryTests {
    @Test("are locked against each other, however often they are opened")
    func locks() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let first = try Directory.open(path)
            let second = try Directory.open(path)
            #expect(try first.lockIfFree(.shared))
            #expect(try second.lockIfFree(.shared))
            #expect(try !second.lockIfFree(.exclusive))
            try first.unlock()
            #expect(try second.lockIfFree(.exclusive))
            #expect(try !first.lockIfFree(.shared))
        }
    }

    /// A clock that stands still, counts who sleeps, and moves on by what each sleeps.
    private final class SteppedClock: Clock {
        struct Instant: InstantProtocol {
            var offset: Duration

            func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

            func duration(to other: Instant) -> Duration { other.offset - offset }

            static func < (first: Instant, second: Instant) -> Bool {
                first.offset < second.offset
            }
        }

        private let state = Mutex((now: Duration.zero, pauses: [Duration]()))
        /// What happens in each sleep, by its number.
        private let whenSleeping: @Sendable (Int) throws -> Void

        init(whenSleeping: @escaping @Sendable (Int) throws -> Void = { _ in }) {
            self.whenSleeping = whenSleeping
        }

        var now: Instant { Instant(offset: state.withLock { $0.now }) }
        var minimumResolution: Duration { .nanoseconds(1) }
        var pauses: [Duration] { state.withLock { $0.pauses } }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            let count = state.withLock { state in
                state.pauses.append(deadline.offset - state.now)
                state.now = deadline.offset
                return state.pauses.count
            }
            try whenSleeping(count)
            try Task.checkCancellation()
        }
    }

    @Test("that another keeps locked are waited for so long and no longer, and the folder is named")
    func lockedForEver() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let holder = try Directory.open(path)
            #expect(try holder.lockIfFree(.shared))
            let waiter = try Directory.open(path)
            try await waiter.lockWherePossible(.shared, waiting: LockWait(seconds: 0))
            let clock = SteppedClock()
            do throws(FileError) {
                try await waiter.lock(.exclusive, waiting: LockWait(seconds: 2, by: clock))
                Issue.record("the lock was had")
            } catch {
                #expect(error == FileError(.lock, path, .locked(seconds: 2)))
            }
            #expect(clock.now.offset >= .seconds(2))
            #expect(clock.pauses.allSatisfy { $0 <= .milliseconds(20) })
            #expect(clock.pauses.count >= 100)
            let error = failure { () throws(FileError) in try waiter.lockNow(.exclusive) }
            #expect(error == FileError(.lock, path, .locked(seconds: 0)))
            try holder.unlock()
        }
    }

    private static func duplicateOfLocked(_ path: [UInt8]) throws -> Directory {
        let holder = try Directory.open(path)
        #expect(try holder.lockIfFree(.exclusive))
        #expect(try !Directory.open(path).lockIfFree(.shared))
        return try holder.duplicate()
    }

    @Test("end with their value, whatever else holds the open folder: a program being started does")
    func lockEndsWithItsValue() async throws {
        try await withDirectory { directory in
            let another = try Directory.open(directory.path)
            let duplicate = try Self.duplicateOfLocked(directory.path)
            #expect(try another.lockIfFree(.exclusive))
            #expect(try !duplicate.lockIfFree(.shared))
        }
    }

    @Test("are had as soon as another lets go")
    func lockInTurn() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let waiter = try Directory.open(path)
            let holder = Mutex<Directory?>(try Directory.open(path))
            #expect(try holder.withLock { try $0?.lockIfFree(.exclusive) } == true)
            let clock = SteppedClock { count in
                if count == 3 { try holder.withLock { try $0?.unlock() } }
            }
            try await waiter.lock(.exclusive, waiting: LockWait(seconds: 30, by: clock))
            #expect(clock.pauses.count == 3)
            #expect(try !Directory.open(path).lockIfFree(.shared))
        }
    }

    @Test("are not waited for by a task that is cancelled")
    func cancelledWait() async throws {
        try await withDirectory { directory in
            let path = directory.path
            let holder = try Directory.open(path)
            #expect(try holder.lockIfFree(.exclusive))
            for clock in [ContinuousClock(), ThreadClock()] as [any Clock<Duration>] {
                let waiting = Task {
                    do throws(FileError) {
                        try await Directory.open(path).lock(
                            .shared, waiting: LockWait(seconds: 86_400, by: clock))
                        return nil as FileError?
                    } catch {
                        return error
                    }
                }
                waiting.cancel()
                #expect(await waiting.value == FileError(.lock, path, .cancelled))
            }
            try holder.unlock()
        }
    }

    @Test("let go of their lock with the value")
    func lockLifetime() async throws {
        try await withDirectory { directory in
            let path = directory.path
            for _ in 0..<2 {
                let isLocked = try Directory.open(path).lockIfFree(.exclusive)
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
    @Test("gives its variables, its time and its processors")
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
