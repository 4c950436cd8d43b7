import CloseoutEncodings
import CloseoutFiles
import CloseoutIndex
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("An index of several bundles")
struct IndexingTests {
    private static let fixtures = repositoryRoot + "/fixtures/released"

    @Test("every bundle has the verdict that verifying it alone gives")
    func verdicts() async throws {
        let scene = try IndexScene([Self.fixtures])
        await scene.indexer.look()
        let bundles = try scene.all()
        #expect(bundles.count > 10)
        for bundle in bundles {
            var request = VerificationRequest(trust: Trust(), asOf: try instant())
            request.artifacts = .none
            let alone = try? await verifyBundle(at: bundle.path, request)
            #expect(bundle.verdict == alone?.report.verdict, "\(bundle.place)")
            #expect(bundle.line == alone.map { printable($0.report.verdictLine) })
            #expect((bundle.reason == nil) == (alone != nil))
            #expect(bundle.seal == alone?.report.release?.seal)
        }
        let counts = try scene.index.counts()
        #expect(counts.all == bundles.count && counts.running == 0)
        #expect(scene.indexer.state.isComplete && scene.indexer.state.fault == nil)
    }

    @Test(
        "a file is found in every bundle that lists it, in copies too, by the digits that are given"
    )
    func digests() async throws {
        try await withTemporaryDirectory { folder in
            try await play("ready", in: folder + "/t")
            let copies =
                "mkdir all; cp -r t/payments-1.4.0.closeout all; cp -r all/* all/copy.closeout"
            _ = try await runSuccessfully("sh", ["-c", copies], workingDirectory: folder)
            let scene = try IndexScene(["\(folder)/all"])
            await scene.indexer.look()
            let manifest = try readFile("\(folder)/all/copy.closeout/SHA256SUMS")
            let lines = String(decoding: manifest, as: UTF8.self).split(separator: "\n")
            #expect(!lines.isEmpty)
            for line in lines {
                let digest = String(line.prefix(64))
                for digits in [digest, String(digest.prefix(8))] {
                    let hits = try #require(
                        try scene.index.hits(ofDigest: digits, page: 0, rows: 10))
                    let shipped = hits.items.filter { $0.role == .shipped }
                    #expect(shipped.count >= 2)
                    #expect(shipped.allSatisfy { $0.digest.hex == digest && $0.bundle.copies == 2 })
                    #expect(shipped.contains { Array($0.path) == Array(line.dropFirst(66).utf8) })
                }
            }
            let seal = try #require(try scene.all().first?.seal?.hex)
            let byID = try scene.index.hits(ofDigest: seal, page: 0, rows: 1)
            #expect(byID?.total == 2 && byID?.pages == 2 && byID?.items.first?.role == .seal)
            let none = String(repeating: "0", count: 64)
            #expect(try scene.index.hits(ofDigest: none, page: 0, rows: 1)?.total == 0)
            for digits in ["", "1234567", "xyzxyzxyz", none + "0"] {
                #expect(try scene.index.hits(ofDigest: digits, page: 0, rows: 1) == nil)
            }
        }
    }

    @Test("releases, keys, retention and holds are found by what the verification said")
    func queries() async throws {
        try await withTemporaryDirectory { folder in
            let (request, recheck) = try await play("accepted-risk", in: folder + "/t")
            let clock = try TestClock()
            let scene = try IndexScene(
                ["\(folder)/t/payments-1.4.0.closeout"], request, recheck, at: clock)
            await scene.indexer.look()
            let bundle = try #require(try scene.all().first)
            // Its decision used the shipped files, which an index does not look at.
            #expect(bundle.verdict == .incomplete && bundle.integrity == .verified)
            #expect(bundle.release == "payments 1.4.0")
            func count(_ change: (inout BundleQuery) -> Void) throws -> Int {
                var query = BundleQuery()
                change(&query)
                return try scene.all(query).count
            }
            #expect(try count { $0.release = "PAYMENTS@1" } == 1)
            #expect(try count { $0.release = "payments@2" } == 0)
            #expect(try count { $0.release = "%" } == 0)
            #expect(try count { $0.standing = .incomplete } == 1)
            #expect(try count { $0.standing = .failed } == 0)
            var asked = request
            asked.artifacts = .none
            let alone = try await verifyBundle(at: bundle.path, asked, recheck).report
            let line = try #require(alone.signatures.first { $0.counts })
            let fingerprint = try #require(line.fingerprint)
            for key in [line.key, line.operator, String(fingerprint.hex.prefix(12))] {
                let key = try #require(key)
                #expect(try count { $0.key = key } == 1, "\(key)")
            }
            let base64 = String(decoding: Base64.encode(fingerprint.bytes), as: UTF8.self)
            #expect(try count { $0.key = "SHA256:" + base64.prefix { $0 != "=" } } == 1)
            #expect(try count { $0.key = "nobody" } == 0)
            let end = try #require(alone.evidence?.retention.until)
            #expect(bundle.retention == .until(end))
            #expect(try count { $0.keptUntil = end } == 1)
            #expect(try count { $0.keptUntil = end.adding(seconds: -1) } == 0)
            let holds = alone.evidence?.holds.count { $0.isHeld } ?? 0
            #expect(bundle.holds == holds)
            #expect(try count { $0.isHeld = true } == (holds > 0 ? 1 : 0))
        }
    }

    @Test("an acceptance is active, then ends soon, then has ended, as time goes by")
    func acceptances() async throws {
        try await withTemporaryDirectory { folder in
            let (request, recheck) = try await play("accepted-risk", in: folder + "/t")
            let clock = try TestClock()
            let scene = try IndexScene(
                ["\(folder)/t/payments-1.4.0.closeout"], request, recheck, at: clock)
            await scene.indexer.look()
            func listed(_ query: AcceptanceQuery) throws -> [IndexedAcceptance] {
                try scene.index.acceptances(query, page: 0, rows: 10).items
            }
            let items = try listed(.all)
            let item = try #require(items.first)
            #expect(items.allSatisfy { $0.status == .accepted })
            let before = try #require(item.expires.adding(seconds: -1))
            #expect(try listed(.active(after: before)).count == items.count)
            #expect(try listed(.ending(by: before)).isEmpty)
            #expect(try listed(.ending(by: item.expires)).contains(item))
            clock.advance(
                seconds: item.expires.secondsSince1970 - clock.now.secondsSince1970 + 1)
            await scene.indexer.look()
            #expect(try listed(.all).first?.status == .expired)
            #expect(try listed(.status(.expired)).map(\.record).contains(item.record))
            #expect(try listed(.ending(by: clock.now)).isEmpty)
        }
    }

    @Test("only what has changed is verified again, and what is gone is forgotten")
    func changes() async throws {
        try await withTemporaryDirectory { folder in
            let copy = "cp -r \"$0\" one.closeout; cp -r \"$0\" two.closeout"
            _ = try await runSuccessfully(
                "sh", ["-c", copy, Self.fixtures + "/key/bundle"], workingDirectory: folder)
            let clock = try TestClock()
            let trust = VerificationRequest(trust: Trust(), asOf: clock.now)
            let scene = try IndexScene([folder], trust, RecheckRequest(), at: clock)
            await scene.indexer.look()
            let first = try scene.all()
            #expect(first.count == 2)
            clock.advance(seconds: 60)
            let seal = folder + "/two.closeout/seal.json"
            try writeFile(try readFile(seal) + [10], to: seal)
            await scene.indexer.look()
            let second = try scene.all()
            for bundle in second {
                let before = try #require(first.first { $0.id == bundle.id })
                if bundle.place.hasSuffix("/two.closeout") {
                    #expect(bundle.verdict == .failed && bundle.asOf == clock.now)
                } else {
                    #expect(bundle.verdict == before.verdict && bundle.asOf == before.asOf)
                }
            }
            _ = try await runSuccessfully("rm", ["-r", folder + "/one.closeout"])
            await scene.indexer.look()
            #expect(try scene.all().map(\.place) == [folder + "/two.closeout"])
            #expect(try scene.index.counts().all == 1)
            // An hour later everything is recomputed, as keys end.
            clock.advance(seconds: 3_601)
            await scene.indexer.look()
            #expect(try scene.all().first?.asOf == clock.now)
        }
    }

    @Test("what cannot be read is listed as that, and hides no other")
    func unreadable() async throws {
        try await withTemporaryDirectory { folder in
            let commands = """
                cp -r "$0" good.closeout; mkdir empty.closeout; printf x >broken.closeout.tar
                mkdir garbage.closeout; for name in log.jsonl seal.json manifest.jsonl checkpoint; do
                head -c 3000 /dev/urandom >garbage.closeout/$name; done
                """
            _ = try await runSuccessfully(
                "sh", ["-c", commands, Self.fixtures + "/key/bundle"], workingDirectory: folder)
            let scene = try IndexScene([folder, folder + "/nosuch"])
            await scene.indexer.look()
            let bundles = try scene.all()
            #expect(bundles.count == 5)
            for bundle in bundles {
                let isGood = bundle.place.hasSuffix("/good.closeout")
                #expect(bundle.verdict != .verified)
                #expect((bundle.release != nil) == isGood)
                if bundle.verdict == nil { #expect(bundle.reason?.isEmpty == false) }
            }
            let counts = try scene.index.counts()
            #expect(counts.unreadable + counts.withoutFiles == 4 && counts.running == 0)
        }
    }

    @Test("whoever appends to a bundle is not kept waiting by an index of it")
    func locks() async throws {
        try await withTemporaryDirectory { folder in
            let (request, recheck) = try await play("ready", in: folder + "/t")
            let scene = try IndexScene(
                ["\(folder)/t/payments-1.4.0.closeout"], request, recheck, at: try TestClock())
            await scene.indexer.look()
            let before = try scene.all().map(\.verdict)
            let bundle = try Directory.open(Array("\(folder)/t/payments-1.4.0.closeout".utf8))
            #expect(try bundle.lockIfFree(.exclusive))
            // Meanwhile it is not readable, and is tried again.
            try writeFile("", to: "\(folder)/t/payments-1.4.0.closeout/withheld.json")
            await scene.indexer.look()
            #expect(try scene.index.counts().unreadable == 1)
            try bundle.unlock()
            _ = try await runSuccessfully(
                "rm", ["\(folder)/t/payments-1.4.0.closeout/withheld.json"])
            await scene.indexer.look()
            #expect(try scene.all().map(\.verdict) == before && before != [nil])
        }
    }

    @Test("a bundle that somebody changes all the time ends with the verdict of what it is then")
    func changing() async throws {
        try await withTemporaryDirectory { folder in
            let (request, recheck) = try await play("ready", in: folder + "/t")
            let scene = try IndexScene(
                ["\(folder)/t/payments-1.4.0.closeout"], request, recheck, at: try TestClock())
            await scene.indexer.look()
            let before = try scene.all().map(\.line)
            let path = "\(folder)/t/payments-1.4.0.closeout/checkpoint"
            let checkpoint = try readFile(path)
            let changing = Task {
                for count in 0..<200 {
                    try writeFile(Array(checkpoint.dropLast(count % 2 * 9)), to: path)
                    try await Task.sleep(for: .milliseconds(2))
                }
                try writeFile(checkpoint, to: path)
            }
            for _ in 0..<20 { await scene.indexer.look() }
            try await changing.value
            await scene.indexer.look()
            #expect(try scene.all().map(\.line) == before && before != [nil])
        }
    }
}
