import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// Paths below a directory and what is there.
typealias CrashTree = [[UInt8]: SimulatedDisk.Item]

/// The states that a bundle may be in, whenever a command stops (docs/bundle.md, "After a crash").
enum CrashOutcome: String, Hashable, Sendable {
    case before, after
    /// The log is the new one, and a run of `checkpoint` is missing.
    case olderCheckpoint
}

/// What a command found and what it made of it, to hold a crashed disk against.
struct CrashJudge {
    let place: CrashPlace
    let before: CrashTree
    let after: CrashTree

    /// The state of the disk at a path, which is repaired where it must be.
    ///
    /// Records an issue for every state that the documents do not allow.
    func outcome(on disk: String) async throws -> CrashOutcome? {
        let found = try files(on: disk)
        if found.isEmpty {
            #expect(before.isEmpty, "the bundle is gone")
            #expect(try strangers(on: disk) == [])
            return .before
        }
        if before.isEmpty {
            #expect(found == after, "a bundle that was not there is whole or not there")
        }
        try await repair(on: disk, found)
        let repaired = try withoutLeftToken(files(on: disk))
        let report = try await place.verify(on: disk)
        switch repaired {
        case after where isCommitted(after):
            #expect(report.verdict == .verified, "\(report.headline)")
            return .after
        case before:
            #expect(report.verdict == place.expected(isCommitted(before)), "\(report.headline)")
            return .before
        case after:
            expectUncommitted(report)
            return .after
        case withOlderCheckpoint:
            expectUncommitted(report)
            try await complete(on: disk)
            return .olderCheckpoint
        default:
            Issue.record("a state between: \(names(repaired)), \(report.headline)")
            return nil
        }
    }

    /// Repairs a bundle that holds anything but what it should, and looks at what was done.
    private func repair(on disk: String, _ found: CrashTree) async throws {
        guard ![before, after, withOlderCheckpoint].contains(withoutLeftToken(found)) else {
            return
        }
        let result = try repairBundle(at: CrashPlace.bundle(on: disk))
        for path in result.removed {
            #expect(TemporaryName.matches(Path.split(path).name ?? []))
        }
        for path in result.moved {
            let bytes = try CloseoutFiles.readFile(path, limit: 1 << 20)
            #expect(
                after.values.contains(.file(bytes)), "what was moved out is complete")
        }
        #expect(!result.removed.isEmpty || !result.moved.isEmpty)
    }

    /// Renews the checkpoint, after which nothing is missing.
    private func complete(on disk: String) async throws {
        try await CrashAction.checkpoint.run(place, on: disk)
        let report = try await place.verify(on: disk)
        #expect(report.verdict == .verified, "\(report.headline)")
    }

    private func expectUncommitted(_ report: Report) {
        #expect(report.verdict == .incomplete, "\(report.headline)")
        let gaps = report.findings.filter { $0.isRequired && $0.status != .pass }
            .filter { $0.status != .notApplicable }
        #expect(gaps.allSatisfy { $0.id == .logUncommitted }, "\(gaps)")
    }

    /// The state after, but with the checkpoint of before and what is over it.
    private var withOlderCheckpoint: CrashTree {
        var tree = after
        for name in [BundleLayout.checkpoint, BundleLayout.checkpointToken] {
            tree[name] = before[name]
        }
        return tree
    }

    /// The same tree without the time-stamp of the checkpoint of before, which may lie beside the
    /// new one and says nothing there.
    private func withoutLeftToken(_ tree: CrashTree) -> CrashTree {
        let (checkpoint, token) = (BundleLayout.checkpoint, BundleLayout.checkpointToken)
        guard after[checkpoint] != before[checkpoint], tree[checkpoint] == after[checkpoint],
            tree[token] == before[token]
        else { return tree }
        var tree = tree
        tree[token] = after[token]
        return tree
    }

    /// The files of the bundle on a disk; folders come and go with their files.
    private func files(on disk: String) throws -> CrashTree {
        let name = String(decoding: CrashPlace.bundleName, as: UTF8.self)
        guard fileExists(disk + "/" + name) else { return [:] }
        return try readTree(disk + "/" + name).filter { $0.value != .directory }
    }

    /// What lies on the disk and is neither the bundle nor a temporary folder.
    private func strangers(on disk: String) throws -> [String] {
        try Directory.open(Array(disk.utf8)).entries().map(\.name)
            .filter { !TemporaryName.matches($0) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private func names(_ tree: CrashTree) -> [String] {
        tree.keys.map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    private func isCommitted(_ tree: CrashTree) -> Bool {
        guard case .file(let bytes) = tree[BundleLayout.checkpoint],
            case .file(let log) = tree[BundleLayout.log],
            let note = try? SignedNote(parsing: bytes),
            let checkpoint = try? Checkpoint(parsing: note.text)
        else { return false }
        return Int(checkpoint.size) == log.count { $0 == UInt8(ascii: "\n") }
    }
}

extension CrashPlace {
    /// The verdict on a bundle that is whole.
    func expected(_ isCommitted: Bool) -> Verdict {
        isCommitted ? .verified : .incomplete
    }
}
