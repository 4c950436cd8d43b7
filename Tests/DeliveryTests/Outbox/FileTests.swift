import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("The file of an outbox", .requires("python3"))
struct FileTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test("is its owner's only, with its log, writes through to the disk and knows its version")
    func settings() async throws {
        try await withOutbox { outbox, place in
            try await outbox.queue(1, now: at(0))
            for end in ["", "-wal", "-shm"] { #expect(try mode(place.path + end) == 0o600) }
            let script = """
                for name in ('journal_mode','application_id','user_version','integrity_check'):
                    print(db.execute('PRAGMA '+name).fetchone()[0])
                """
            #expect(try await place.python(script) == ["wal", "1131179842", "2", "ok"])
        }
    }

    @Test("is not made where that is not asked for, nor where there is no folder")
    func missing() async throws {
        try await withTemporaryDirectory { folder in
            let place = OutboxPlace(folder: folder)
            #expect(await failure { _ = try await place.open(creating: false) } == .missing)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
            let nowhere = OutboxPlace(folder: folder + "/none")
            #expect(await failure { _ = try await nowhere.open() } == .cannotOpen)
            for path in ["", "/", "..", folder + "/a\0b"] {
                #expect(
                    await failure { _ = try await Outbox.open(Array(path.utf8)) } == .cannotOpen)
            }
        }
    }

    @Test(
        "is what its path says, also where that begins as an address",
        arguments: ["file:x?mode=memory", ":memory:"])
    func names(name: String) async throws {
        try await withTemporaryDirectory { folder in
            let outbox = try await Outbox.open(Array((folder + "/" + name).utf8))
            try await outbox.queue(1, now: at(0))
            try outbox.close()
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == [name])
        }
    }

    @Test("is refused where others may read it", arguments: [0o640, 0o604, 0o620, 0o666])
    func open(mode: Int) async throws {
        try await withOutbox { _, place in
            try await runSuccessfully("chmod", [String(mode, radix: 8), place.path])
            #expect(
                await failure { _ = try await place.open() } == .openToOthers(mode: UInt16(mode)))
        }
    }

    @Test("is refused where it is a link or a folder")
    func links() async throws {
        try await withOutbox { _, place in
            try await runSuccessfully("ln", ["-s", place.path, place.folder + "/link"])
            try await runSuccessfully("mkdir", ["-m", "700", place.folder + "/folder"])
            for name in ["link", "folder"] {
                let path = Array((place.folder + "/" + name).utf8)
                #expect(await failure { _ = try await Outbox.open(path) } == .notRegular)
            }
        }
    }

    @Test(
        "of another program is refused and left as it is",
        arguments: [
            "db.execute('CREATE TABLE t(a)')", "db.execute('PRAGMA application_id=7')",
            "db.execute('PRAGMA user_version=1')",
            "open(sys.argv[1],'w').write('no database, but a text of many words'*200)",
            "db.execute('PRAGMA application_id=1131179842')",
        ])
    func foreign(script: String) async throws {
        try await withTemporaryDirectory { folder in
            let place = OutboxPlace(folder: folder)
            try await place.python(script + "\ndb.close()\nos.chmod(sys.argv[1],0o600)")
            let before = FileManager.default.contents(atPath: place.path)
            #expect(await failure { _ = try await place.open() } == .notOurs)
            #expect(FileManager.default.contents(atPath: place.path) == before)
        }
    }

    @Test("of a later version is refused by name")
    func newer() async throws {
        try await withOutbox { _, place in
            try await place.python("db.execute('PRAGMA user_version=3')")
            #expect(await failure { _ = try await place.open() } == .newerVersion(3))
        }
    }

    @Test("of version 1 keeps what it holds, and remembers live runs from then on")
    func earlier() async throws {
        try await withOutbox { outbox, place in
            let id = try await outbox.queue(1, now: at(0))
            try await place.python(
                """
                for name in ('live_run_deliveries','live_runs'): db.execute('DROP TABLE '+name)
                db.execute('PRAGMA user_version=1')
                """)
            let again = try await place.open()
            #expect(try await again.state(of: id) == .waiting)
            #expect(try await again.liveRun(using: try liveNames(1)) == nil)
            try await again.beginLiveRun(try liveNames(1), now: at(1))
            #expect(try await again.liveRun(using: try liveNames(1))?.began == (try at(1)))
            #expect(
                try await place.python("print(db.execute('PRAGMA user_version').fetchone()[0])")
                    == ["2"])
            try again.close()
        }
    }

    @Test(
        "that was taken away or replaced is noticed by every call, and nothing is said to be done",
        arguments: ["rm -f outbox.sqlite*", "cp outbox.sqlite new && mv new outbox.sqlite"])
    func replaced(command: String) async throws {
        try await withOutbox { outbox, place in
            try await outbox.queue(1, now: at(0))
            let lease = try await outbox.claimOne(now: at(0))
            let attempt = try await outbox.begin(lease, now: at(0))
            try await runSuccessfully("sh", ["-c", command], workingDirectory: place.folder)
            #expect(await failure { try outbox.confirmPlace() } == .replaced)
            #expect(
                await failure { try await outbox.finish(attempt, .delivered, now: at(1)) }
                    == .replaced)
            #expect(await failure { _ = try await outbox.deliveries(limit: 9) } == .replaced)
            #expect(await failure { try await outbox.queue(2, now: at(2)) } == .replaced)
        }
    }

    @Test("that was damaged is an error, and no end of the process")
    func damaged() async throws {
        try await withOutbox { outbox, place in
            for number in 0..<50 { try await outbox.queue(number, now: at(0)) }
            try outbox.close()
            let script = """
                db.close()
                f=open(sys.argv[1],'r+b'); n=os.path.getsize(sys.argv[1])
                for page in range(1,n//4096): f.seek(page*4096); f.write(b'\\xff'*4096)
                """
            try await place.python(script)
            for _ in 0..<2 {
                #expect(
                    await failure {
                        let again = try await place.open()
                        _ = try await again.deliveries(limit: 99)
                    } == .damaged)
            }
        }
    }

    @Test("with values that its tables do not allow is damaged; a changed event is never sent")
    func values() async throws {
        try await withOutbox { outbox, place in
            let id = try await outbox.queue(1, now: at(0))
            let other = try await outbox.queue(2, route: "desk", now: at(0))
            try await place.python(
                "db.execute(\"UPDATE events SET body=x'00' WHERE id='event-1'\")")
            let claim = try await outbox.claim(route: "chat", limit: 9, now: at(0), seconds: 60)
            #expect(claim.leases == [])
            #expect(claim.changes.map(\.kind) == [.dead(delivery: id, .damaged)])
            try await place.python("db.execute('UPDATE deliveries SET next_attempt=1<<62')")
            #expect(await failure { _ = try await outbox.delivery(other) } == .damaged)
            #expect(await failure { _ = try await outbox.body(ofEvent: "event-1") } == .damaged)
        }
    }

    @Test(
        "that another process holds too long is busy, and free again when it lets go; reading goes on"
    )
    func busy() async throws {
        try await withOutbox { outbox, place in
            let id = try await outbox.queue(1, now: at(0))
            let impatient = try await place.open(busySeconds: 0.1)
            let (held, free) = (place.folder + "/held", place.folder + "/free")
            async let holder: [String] = place.python(
                """
                import time
                db.execute('BEGIN IMMEDIATE'); open('\(held)','w').close()
                while not os.path.exists('\(free)'): time.sleep(0.01)
                db.execute('ROLLBACK')
                """)
            for _ in 0..<6000 where !FileManager.default.fileExists(atPath: held) {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await failure { _ = try await impatient.queue(2, now: at(0)) } == .busy)
            #expect(await failure { _ = try await impatient.claimOne(now: at(0)) } == .busy)
            #expect(try await impatient.delivery(id)?.state == .waiting)
            // Who waits longer gets its turn.
            async let patient: String = outbox.queue(3, now: at(0))
            try Data().write(to: URL(filePath: free))
            _ = try await (holder, patient)
            try await impatient.queue(2, now: at(0))
            #expect(try await outbox.deliveries(limit: 9).count == 3)
            try impatient.close()
        }
    }

    @Test("is made by one of many that open it at once, and used by all")
    func together() async throws {
        try await withTemporaryDirectory { folder in
            let place = OutboxPlace(folder: folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let outbox = try await place.open()
                        try await outbox.queue(number, now: at(0))
                        try outbox.close()
                    }
                }
                try await group.waitForAll()
            }
            let outbox = try await place.open(creating: false)
            #expect(try await outbox.deliveries(limit: 99).count == 12)
            try outbox.close()
        }
    }
}

@Suite("A full disk", .requires("mount"))
struct FullDiskTests {
    /// Runs a test in a file system of its own; false where this user may not mount one.
    private func withSmallDisk(_ body: (String) async throws -> Void) async throws -> Bool {
        try await withTemporaryDirectory { folder in
            let arguments = ["-t", "tmpfs", "-o", "size=400k,mode=700", "tmpfs", folder]
            guard try await run("mount", arguments).status == 0 else { return false }
            do {
                try await body(folder)
            } catch {
                _ = try await run("umount", ["-l", folder])
                throw error
            }
            try await runSuccessfully("umount", ["-l", folder])
            return true
        }
    }

    @Test("loses nothing that was queued, lets nothing begin, and all goes on when there is space")
    func full() async throws {
        let isMounted = try await withSmallDisk { folder in
            let outbox = try await OutboxPlace(folder: folder).open()
            let bulk = String(repeating: "x", count: 20_000)
            var queued: [String] = []
            var error: OutboxError?
            while error == nil, queued.count < 100 {
                error = await failure {
                    let result = try await outbox.enqueue(
                        event("event-\(queued.count)", body: bulk),
                        deliveries: [newDelivery(), newDelivery("desk")], now: at(0))
                    queued += result.added
                }
            }
            #expect(error == .diskFull)
            #expect(queued.count > 2)
            #expect(try await outbox.deliveries(limit: 999).map(\.id).sorted() == queued.sorted())
            // What is not on the disk is not begun: claims and attempts fail until there is space.
            var failures: [OutboxError?] = []
            for number in 0..<50 {
                failures.append(
                    await failure {
                        try await outbox.queue(1000 + number, route: "other", now: at(0))
                    })
            }
            #expect(failures.contains(.diskFull))
            try await runSuccessfully("mount", ["-o", "remount,size=8m", folder])
            let kept = try await outbox.deliveries(limit: 999).count
            #expect(kept == queued.count + failures.count { $0 == nil })
            for route in ["chat", "desk"] {
                let leases = try await outbox.claim(
                    route: route, limit: 999, now: at(0), seconds: 60
                ).leases
                #expect(leases.count == queued.count / 2)
                for lease in leases {
                    try await outbox.finish(outbox.begin(lease, now: at(0)), .delivered, now: at(0))
                }
            }
            #expect(try await outbox.deliveries(in: .settled, limit: 999).count == queued.count)
            try outbox.close()
        }
        if !isMounted { print("not tested: no file system can be mounted here") }
    }
}
