import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("The command, killed")
struct CrashKillTests {
    /// What is killed, and how often: 200 times in all where everything is tried, else 60 times.
    enum Command: String, CaseIterable, Sendable {
        case seal, attach, add

        var count: Int { repetitions(self == .add ? 68 : 66, usually: 20) }
    }

    @Test(
        "at any instant leaves the state before, after, or after with the older checkpoint",
        arguments: Command.allCases)
    func kill(command: Command) async throws {
        try await withTemporaryDirectory { path in
            let place = try CrashPlace(at: path)
            try await prepare(place, for: command)
            let start = try readTree(place.disk)
            // Measured on a machine that is busy with other tests, a run may seem to last long.
            let duration = min(try await time(of: command, place, start), 300_000)
            var generator = SplitMix64(seed: UInt64(command.rawValue.utf8.count))
            var outcomes: [CrashOutcome: Int] = [:]
            for number in 0..<command.count {
                let disk = "\(path)/disk-\(number)"
                try writeTree(start, to: disk)
                let micros = Int.random(in: 0...duration, using: &generator)
                let result = try await run(
                    closeoutExecutable, arguments(command, place, on: disk),
                    killAfter: .microseconds(micros))
                let outcome = try await outcome(command, place, on: disk, from: start)
                if result.status == 0 { #expect(outcome == .after) }
                if let outcome { outcomes[outcome, default: 0] += 1 }
                try await finish(command, place, on: disk)
            }
            #expect(outcomes.values.reduce(0, +) == command.count, "\(outcomes)")
        }
    }

    private func prepare(_ place: CrashPlace, for command: Command) async throws {
        try writeFile(place.keyPEM, to: place.path + "/key.pem")
        try writeFile(place.key().publicKey.pem, to: place.path + "/key.pub.pem")
        try await runSuccessfully("chmod", ["600", place.path + "/key.pem"])
        guard command != .seal else { return }
        try await CrashAction.seal.run(place, on: place.disk)
        let seal = try CloseoutFiles.readFile(
            CrashPlace.bundle(on: place.disk) + Array("/seal.json".utf8), limit: 4096)
        try writeFile(
            place.key().sign(seal, algorithm: .ed25519), to: place.path + "/signature.sig")
    }

    private func arguments(_ command: Command, _ place: CrashPlace, on disk: String) -> [String] {
        let bundle = String(decoding: CrashPlace.bundle(on: disk), as: UTF8.self)
        let key = place.path + "/key.pem"
        switch command {
        case .seal:
            return [
                "seal", place.tree, "--release", "payments@1.4.0", "--key", key, "-o", bundle,
                "--created", "2026-11-23T12:00:00Z", "--quiet",
            ]
        case .attach:
            return [
                "attach", bundle, place.path + "/signature.sig", "--key",
                place.path + "/key.pub.pem", "--log-key", key, "--quiet",
            ]
        case .add:
            return [
                "add", bundle, place.path + "/results.json", place.tree + "/tool", "--log-key", key,
                "--quiet",
            ]
        }
    }

    /// How long the command takes, in microseconds, with a little more.
    private func time(
        of command: Command, _ place: CrashPlace, _ start: CrashTree
    ) async throws -> Int {
        var longest = Duration.zero
        for number in 0..<3 {
            let disk = "\(place.path)/timing-\(number)"
            try writeTree(start, to: disk)
            longest = try await max(
                longest,
                ContinuousClock().measure {
                    try await runSuccessfully(
                        closeoutExecutable, arguments(command, place, on: disk))
                })
        }
        return Int(longest / .microseconds(1)) * 5 / 4
    }

    /// What the kill left; issues are recorded for what it may not leave.
    private func outcome(
        _ command: Command, _ place: CrashPlace, on disk: String, from start: CrashTree
    ) async throws -> CrashOutcome? {
        let bundle = CrashPlace.bundle(on: disk)
        if command == .seal, (try? fileStatus(bundle)) == nil {
            let names = try Directory.open(Array(disk.utf8)).entries().map(\.name)
            #expect(names.allSatisfy { TemporaryName.matches($0) })
            return .before
        }
        var report = try await place.verify(on: disk)
        if report.verdict == .failed {
            #expect(command != .seal, "\(report.headline)")
            _ = try repairBundle(at: bundle)
            report = try await place.verify(on: disk)
        }
        let found = try readTree(disk)
        let checkpoint = CrashPlace.bundleName + [UInt8(ascii: "/")] + BundleLayout.checkpoint
        let log = CrashPlace.bundleName + [UInt8(ascii: "/")] + BundleLayout.log
        for (path, item) in start where path != checkpoint && path != log {
            #expect(found[path] == item, "what was there stays")
        }
        if report.verdict == .verified {
            return found[log] == start[log] ? .before : .after
        }
        let gaps = report.findings.filter { $0.isRequired && $0.status == .unknown }
        #expect(report.verdict == .incomplete, "\(report.headline)")
        #expect(gaps.allSatisfy { $0.id == .logUncommitted }, "\(report.headline)")
        #expect(found[checkpoint] == start[checkpoint])
        return .olderCheckpoint
    }

    /// The same command again does what is missing.
    private func finish(_ command: Command, _ place: CrashPlace, on disk: String) async throws {
        try await runSuccessfully(closeoutExecutable, arguments(command, place, on: disk))
        var report = try await place.verify(on: disk)
        if report.verdict == .incomplete {
            try await CrashAction.checkpoint.run(place, on: disk)
            report = try await place.verify(on: disk)
        }
        #expect(report.verdict == .verified, "\(report.headline)")
        let sizes: [Command: Int] = [.seal: 5, .add: 9]
        #expect(report.logSize == sizes[command, default: 7])
    }
}
