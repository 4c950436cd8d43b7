import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutInterchange
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows
import Testing

/// The examples with which the modules open, run one after the other.
@Suite("Examples of the modules")
struct ModuleExamples {
    @Test("every module opens with an overview and an example that is run here")
    func overviews() throws {
        let files = [
            "ArchitectureTests/ModuleExamples.swift", "CloseoutTests/LibraryExample.swift",
            "OutboundTests/OutboundExample.swift", "DeliveryTests/DeliveryExample.swift",
            "ConsoleTests/ConsoleExample.swift", "IndexTests/IndexExample.swift",
        ]
        let run = Set(
            try files.flatMap { try SourceFile(reading: "Tests/\($0)").lines.map(\.trimmed) })
        let programs: Set = [
            "COpenSSL", "CZlib", "CommandLine", "Program", "Courier", "ConsoleProgram",
        ]
        for module in try Modules.documented().order where !programs.contains(module) {
            let lines = try SourceFile(reading: "Sources/\(module)/\(module).swift").lines
            let overview = lines.prefix { $0.hasPrefix("//") }
            #expect(overview.count > 5, "\(module)")
            let example = overview.drop { !$0.hasPrefix("// Example") }.filter {
                $0.hasPrefix("//     ")
            }.map { $0.dropFirst(2).trimmed }
            #expect(!example.isEmpty, "\(module) opens with no example")
            for line in example { #expect(run.contains(line), "\(module): \(line)") }
        }
    }

    @Test("sealing, verifying and deciding, module by module")
    func examples() async throws {
        try await withTemporaryDirectory { place in
            let path = Array(place.utf8)
            let dist = Array("\(place)/dist".utf8)
            let bundle = Array("\(place)/payments-1.4.0.closeout".utf8)
            try makeDirectory("\(place)/dist")
            try writeFile("tool", to: "\(place)/dist/tool")

            let key = try PrivateKey.generate(.ed25519)
            let message = Array("payments 1.4.0".utf8)
            let signature = try key.sign(message, algorithm: .ed25519)
            let digest = try SHA256Digest.of(message)
            #expect(signature.count == 64)

            let json = try JSON(parsing: Array(#"{"release":"payments"}"#.utf8))
            let instant = Instant(parsing: Array("2026-05-01T12:00:00Z".utf8))
            let text = printable(Array("a name\nof two lines".utf8))
            #expect(!json.canonicalBytes.isEmpty && !text.contains("\n"))
            let now = try #require(instant)

            let folder = try Directory.open(path)
            try folder.replace(Array("notes.txt".utf8), with: Array("first\n".utf8))
            let bytes = try folder.read(Array("notes.txt".utf8), limit: 1024)
            #expect(bytes.count == 6)

            try makeDirectory("\(place)/target")
            let target = try Directory.open(Array("\(place)/target".utf8))
            let frozen = try await freeze(
                .directory(dist), options: ManifestOptions(), into: target)
            let files = frozen.totals.files
            #expect(files == 1)

            let policy = try TrustPolicy.single(key.publicKey.pem)
            let verifier = SignatureVerifier(policy: policy, asOf: now, release: nil)
            let envelope = try SignatureFormat.dsse.sign(
                .file(message), with: key, algorithm: .ed25519)
            let results = try verifier.verify(envelope ?? [], as: .dsse, over: .file(message))
            #expect(results.map(\.effect) == [.counts])

            let header = RecordHeader(
                releaseName: "payments", releaseVersion: "1.4.0", seal: digest, at: now,
                by: "alice", visibility: .public, salt: nil, links: [])
            let hold = Record(
                header: header,
                body: .legalHold(
                    .place(
                        LegalHold.Placement(
                            matter: "case 7", custodian: "alice", reason: "subpoena"))))
            #expect(hold.kind == .legalHold)

            let draft = try await BundleDraft(
                freezing: .directory(dist), as: Release(name: "payments", version: "1.4.0"),
                created: now, options: ManifestOptions(), beside: BundleTarget(bundle))
            try draft.publish(at: BundleTarget(bundle))

            var trust = Trust()
            trust.policy = policy
            var request = VerificationRequest(trust: trust, asOf: now)
            request.artifacts = .directory(dist)
            let report = try await Verifier(request: request).verify(bundle: bundle)
            #expect(report.verdict == .incomplete)

            let criteria = try Profile.artifactsOnly.criteria()
            let health = retentionHealth(report, log: LogPrefix(size: 0, root: digest))
            let decision = decide(report, health: health, criteria: criteria)
            #expect(decision.outcome == .blocked)

            let page = try ReportFormat.html.render(report, version: "0.3.0")
            #expect(!page.isEmpty)

            let own = LocalKey(key)
            let options = AppendOptions(now: now, policy: policy, logSigner: own)
            var session = try await BundleSession(opening: bundle)
            let receipt = try await session.sign(
                with: FormatSigner(key: own, format: .dsse), options)
            let signatures = receipt.stored.map { printable($0) }
            #expect(signatures.count == 1)
        }
    }

    @Test("a trial")
    func trial() async throws {
        try await withTemporaryDirectory { place in
            let now = try #require(Instant(parsing: Array("2026-05-01T12:00:00Z".utf8)))
            let scenario = try Scenario.load("ready")
            var trial = try TrialRun.begin(scenario, in: Array("\(place)/trial".utf8), now: now)
            var overview: [String] = []
            while let step = try await trial.next() { overview += step.overview }
            let end = try await trial.end()
            #expect(end.isKept)
            #expect(overview.count >= 20)
        }
    }

    @Test("evaluating the package of another system")
    func interchange() throws {
        let sample = repositoryRoot + "/../shared/cavra/sample-evidence-package.json"
        guard let bytes = try? readFile(sample) else {
            print("skipped: \(sample) is absent")
            return
        }
        let now = try #require(Instant(parsing: Array("2026-05-01T12:00:00Z".utf8)))
        let criteria = try Profile.artifactsOnly.criteria()
        let package = try CavraPackage(parsing: bytes)
        let result = try ImportResult(package, beside: [:], asOf: now, criteria: criteria)
        #expect(!result.rows.isEmpty)
    }
}
