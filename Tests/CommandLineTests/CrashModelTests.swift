import CloseoutBundles
import CloseoutFiles
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A loss of power", .requires("openssl"))
struct CrashModelTests {
    @Test(
        "before any change leaves the state before, after, or after with the older checkpoint",
        arguments: CrashAction.allCases)
    func everyChange(action: CrashAction) async throws {
        try await withTemporaryDirectory { path in
            let (verifier, disk, changes) = try await record(action, at: path)
            var disks = disk
            var seen: Set<CrashTree> = []
            var outcomes: Set<CrashOutcome> = []
            for count in 0...changes.count {
                if count > 0 { disks.apply(changes[count - 1]) }
                for survival in survivals(count) {
                    let tree = disks.tree(survival)
                    let isEnd = count == 0 || count == changes.count
                    guard seen.insert(tree).inserted || isEnd else { continue }
                    let outcome = try await outcome(of: tree, verifier, path, count)
                    if let outcome { outcomes.insert(outcome) }
                    if count == changes.count { #expect(outcome == .after, "\(survival)") }
                    if count == 0 { #expect(outcome == .before) }
                }
            }
            #expect(outcomes.contains(.before) && outcomes.contains(.after))
            if action == .add { #expect(outcomes.contains(.olderCheckpoint)) }
        }
    }

    /// Does the work once and keeps what it did.
    private func record(
        _ action: CrashAction, at path: String
    ) async throws -> (CrashJudge, SimulatedDisk, [DiskChange]) {
        let place = try CrashPlace(at: path)
        try await action.prepare(place)
        let disk = try SimulatedDisk(reading: Array(place.disk.utf8))
        let before = bundle(in: disk.tree(.everything))
        let changes = try await recordingChanges { try await action.run(place, on: place.disk) }
        let after = bundle(in: try readTree(place.disk))
        return (CrashJudge(place: place, before: before, after: after), disk, changes)
    }

    private func outcome(
        of tree: CrashTree, _ verifier: CrashJudge, _ path: String, _ count: Int
    ) async throws -> CrashOutcome? {
        let state = path + "/state-\(count)-\(UInt32.random(in: 0 ... .max))"
        try writeTree(tree, to: state)
        return try await verifier.outcome(on: state)
    }

    private func survivals(_ count: Int) -> [SimulatedDisk.Survival] {
        [.nothingUnsynced, .everything, .namesWithoutData, .dataWithoutNames]
            + (0..<8).map { .some(seed: UInt64(count * 8 + $0)) }
    }

    /// The files of the bundle, by their paths in it.
    private func bundle(in disk: CrashTree) -> CrashTree {
        var files: CrashTree = [:]
        let folder = CrashPlace.bundleName + [UInt8(ascii: "/")]
        for (path, item) in disk where path.starts(with: folder) && item != .directory {
            files[Array(path.dropFirst(folder.count))] = item
        }
        return files
    }
}

@Suite("A change that the disk refuses", .requires("openssl"))
struct RefusedChangeTests {
    @Test(
        "leaves the state before or after, and nothing half-written",
        arguments: CrashAction.allCases
    )
    func everyChange(action: CrashAction) async throws {
        try await withTemporaryDirectory { path in
            let place = try CrashPlace(at: path)
            try await action.prepare(place)
            let before = try readTree(place.disk)
            let count = try await recordingChanges {
                let copy = path + "/copy"
                try writeTree(before, to: copy)
                try await action.run(place, on: copy)
            }.count
            for number in 0..<count {
                let disk = path + "/disk-\(number)"
                try writeTree(before, to: disk)
                let threw = await failingChange(number) { try await action.run(place, on: disk) }
                #expect(threw, "change \(number)")
                let found = try readTree(disk)
                let leftovers = found.keys.filter { $0.contains(UInt8(ascii: "-")) }
                    .filter { TemporaryName.matches(Path.split($0).name ?? []) }
                #expect(leftovers == [], "change \(number)")
                guard found != before else { continue }
                let verdict = try await place.verify(on: disk).verdict
                #expect(verdict != .failed, "change \(number)")
            }
        }
    }
}
