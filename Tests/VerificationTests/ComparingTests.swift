import CloseoutBundles
import CloseoutEncodings
import CloseoutTestSupport
import CloseoutVerification
import FoundationEssentials
import Testing

@Suite("Comparing two bundles")
struct ComparingTests {
    /// What is done to a copy of a bundle, so that its bytes or its verdict are others.
    struct Change: Sendable, CustomTestStringConvertible {
        let title: String
        let make: @Sendable (inout Bench) async throws -> Void

        var testDescription: String { title }

        init(_ title: String, _ make: @escaping @Sendable (inout Bench) async throws -> Void) {
            self.title = title
            self.make = make
        }
    }

    private static let changes: [Change] = [
        Change("the checkpoint is lost") { try $0.remove("checkpoint") },
        Change("the checkpoint has another signature too") { bench in
            let note = String(decoding: try bench.file("checkpoint"), as: UTF8.self)
            try bench.write(bytes(note + "— other AAAAAAAAAAA=\n"), to: "checkpoint")
        },
        Change("the checkpoint is an older one of the same key") { bench in
            let lines = try bench.logLines()
            try bench.write(
                bench.note(over: lines.count - 1, of: lines, by: bench.log).encoded,
                to: "checkpoint")
        },
        Change("README.txt is another, by the log's key") { bench in
            try bench.forge("README.txt", bytes("read this"))
        },
        Change("a token lies beside the checkpoint") { bench in
            try bench.write(bytes("x"), to: "checkpoint.tsr")
        },
        Change("an attachment is added") { bench in
            try bench.add(.attachment, .octets, bytes("more"))
            try bench.commit()
        },
        Change("an attachment is logged at another instant") { bench in
            try bench.setLog(
                try bench.entries().map { entry in
                    LogEntry(
                        sequence: 0,
                        at: entry.kind == .attachment ? try at("2026-05-09T00:00:00Z") : entry.at,
                        kind: entry.kind, mediaType: entry.mediaType, path: entry.path,
                        digest: entry.digest, size: entry.size)
                })
            try bench.commit()
        },
        Change("the same key signs the seal again") { bench in
            try bench.attach(
                try bench.release.envelope(bench.file("seal.json")) + bytes("\n"))
            try bench.commit()
        },
        Change("a file is added that the log does not name") { bench in
            try bench.write(bytes("x"), to: "attachments/x")
        },
        Change("a link is added") { bench in
            try await runSuccessfully("ln", ["-s", "/etc/passwd", bench.path("attachments/x")])
        },
        Change("the shipped files are carried along") { bench in
            try await runSuccessfully("cp", ["-a", bench.tree, bench.path("artifacts")])
        },
        Change("a file is withheld") { bench in
            let name = try bench.first(.attachment)
            try bench.remove(name)
            try bench.write(WithheldList(paths: [bytes(name)]).canonicalBytes, to: "withheld.json")
        },
        Change("the shipped files have other modes") { bench in
            try await runSuccessfully("chmod", ["0755", bench.tree + "/share/a file"])
            try await bench.seal()
        },
    ]

    @Test("files that are carried along with other modes are reported, recorded or not")
    func modes() async throws {
        try await Bench.run { bench in
            bench.request.artifacts = .none
            try await runSuccessfully("cp", ["-a", bench.tree, bench.path("artifacts")])
            let before = try await compared(bench)
            // The manifest records whether a file is executable, and no more.
            try await runSuccessfully("chmod", ["0600", bench.path("artifacts/share/a file")])
            let after = try await compared(bench)
            #expect(after.report.verdict == .verified)
            let difference = BundleDifference(before, after)
            #expect(!difference.isSame)
            #expect(
                difference.text.contains(
                    "\nmodes:\n- share/a file  0644\n+ share/a file  0600\n"))
        }
    }

    private func compared(_ bench: Bench) async throws -> ComparedBundle {
        let inspection = try await bench.verifier().inspect(
            bundle: bytes(bench.bundle), keepingManifest: true)
        return ComparedBundle(inspection, report: inspection.report)
    }

    @Test("a bundle is the same as itself, with and without trust", arguments: [false, true])
    func same(trustsNobody: Bool) async throws {
        try await Bench.run { bench in
            bench.request.artifacts = .none
            bench.trustsNobody = trustsNobody
            let difference = BundleDifference(try await compared(bench), try await compared(bench))
            #expect(difference.isSame && difference.isEmpty, "\(difference.text)")
            #expect(difference.text.hasSuffix("\nno difference\n"))
        }
    }

    @Test(
        "bundles that differ in a byte or in their verdict are never the same", arguments: changes,
        [false, true])
    func differ(change: Change, trustsNobody: Bool) async throws {
        try await Bench.run { bench in
            bench.request.artifacts = .none
            bench.trustsNobody = trustsNobody
            let before = try await compared(bench)
            try await change.make(&bench)
            let after = try await compared(bench)
            for difference in [BundleDifference(before, after), BundleDifference(after, before)] {
                #expect(!difference.isSame, "\(difference.text)")
                #expect(!difference.isEmpty || difference.isInDoubt, "\(difference.text)")
                #expect(!difference.text.contains("no difference"))
                #expect(difference.json["same"] == .bool(false))
            }
        }
    }

    @Test("no damage to any file leaves a bundle the same", arguments: [false, true])
    func mutated(trustsNobody: Bool) async throws {
        try await Bench.run { bench in
            bench.request.artifacts = .none
            bench.trustsNobody = trustsNobody
            try bench.write(bytes("token"), to: "checkpoint.tsr")
            let before = try await compared(bench)
            for name in try bench.allFiles().sorted() {
                let good = try bench.file(name)
                for changed in mutations(of: good, seed: 7, count: 12) where changed != good {
                    try bench.write(changed, to: name)
                    let difference = BundleDifference(before, try await compared(bench))
                    #expect(!difference.isSame, "\(name): \(difference.text)")
                }
                try bench.write(good, to: name)
            }
        }
    }
}
