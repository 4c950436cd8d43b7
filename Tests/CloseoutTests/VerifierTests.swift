import Closeout
import CloseoutTestSupport
import Testing

@Suite("Verifying through the library")
struct VerifierTests {
    private let noon = "2026-12-01T00:00:00Z"

    private func verifier(_ fixture: String) throws -> Verifier {
        let policy = try TrustPolicy(
            parsing: readFile("\(repositoryRoot)/fixtures/released/\(fixture)/trust.json"))
        return Verifier(policy: policy, at: try #require(Instant(noon)))
    }

    private func path(_ name: String) -> String { "\(repositoryRoot)/fixtures/released/\(name)" }

    @Test(
        "gives what released versions wrote the verdict that the program gives it",
        arguments: try fixtures(in: "released"))
    func released(fixture: Fixture) async throws {
        let words = try #require(fixture["run"]).split(separator: " ").map(String.init)
        var options: [String: String] = [:]
        for (name, value) in zip(words, words.dropFirst()) where name.hasPrefix("--") {
            options[name] = value
        }
        let policy =
            if let key = options["--key"] {
                try TrustPolicy(trusting: fixture.bytes(key))
            } else {
                try TrustPolicy(parsing: fixture.bytes(try #require(options["--trust"]))) {
                    try fixture.bytes($0)
                }
            }
        var verifier = Verifier(policy: policy, at: try #require(Instant(noon)))
        #expect(options["--as-of"] == noon)
        verifier.criteria = try options["--criteria"].map {
            try Criteria(parsing: fixture.bytes($0))
        }
        switch options["--artifacts"] {
        case "none": verifier.artifacts = .none
        case let folder?: verifier.artifacts = .directory("\(fixture.path)/\(folder)")
        case nil: break
        }
        let subject = "\(fixture.path)/\(words[1])"
        let report =
            if words[1].hasSuffix("-proof") {
                try await verifier.verify(
                    InclusionProof(parsing: fixture.bytes(words[1])),
                    of: "\(fixture.path)/\(try #require(options["--file"]))")
            } else {
                try await verifier.verify(
                    isDirectory(subject) ? .folder(subject) : .packed(subject))
            }
        #expect(report.verdict.rawValue == fixture["verdict"], "\(report.headline)")
        #expect(report.decision?.outcome.rawValue == fixture["now"])
        #expect(
            report.signatures.map { "\($0.format) \($0.counts ? "counts" : "not counted")" }
                == fixture.values("signature"))
        var statuses: [String: Set<String>] = [:]
        for finding in report.findings {
            statuses[finding.id, default: []].insert(finding.status.rawValue)
        }
        // Here a policy has no place, which could lie inside the bundle.
        for line in fixture.values("check") where !line.hasPrefix("trust.location ") {
            let words = line.split(separator: " ").map(String.init)
            #expect(statuses[words[0]]?.sorted() == Array(words.dropFirst()), "\(words[0])")
        }
    }

    @Test("a changed file, another release and no policy are never verified")
    func tampered() async throws {
        try await withTemporaryDirectory { folder in
            try await runSuccessfully("cp", ["-r", path("plain"), folder + "/plain"])
            var verifier = try verifier("plain")
            verifier.artifacts = .directory(folder + "/plain/dist")
            let bundle = Bundle.folder(folder + "/plain/bundle")
            let report = try await verifier.verify(bundle)
            #expect(report.verdict == .verified)
            #expect(report.headline.hasPrefix("VERIFIED "))
            let release = try #require(report.release)
            #expect(release.files > 0)

            verifier.release = try Release("other@1")
            #expect(try await verifier.verify(bundle).verdict == .failed)
            verifier.release = release.release
            #expect(try await verifier.verify(bundle).verdict == .verified)

            let stranger = Verifier(policy: nil, at: verifier.time)
            #expect(try await stranger.verify(bundle).verdict == .incomplete)

            try writeFile("changed", to: folder + "/plain/dist/NOTES.md")
            let refused = try await verifier.verify(bundle)
            #expect(refused.verdict == .failed)
            let finding = try #require(
                refused.findings.first { $0.status == .fail && $0.isRequired })
            #expect(finding.id.hasPrefix("artifact."))
            #expect(finding.subject == "NOTES.md")

            verifier.artifacts = .files(["NOTES.md": path("plain") + "/dist/NOTES.md"])
            #expect(try await verifier.verify(bundle).verdict == .verified)
            verifier.artifacts = .files(["NOTES.md": folder + "/plain/dist/NOTES.md"])
            #expect(try await verifier.verify(bundle).verdict == .failed)
        }
    }

    @Test("the same input gives the same bytes of report, in every format")
    func reports() async throws {
        var verifier = try verifier("plain")
        verifier.artifacts = .directory(path("plain") + "/dist")
        let first = try await verifier.verify(.folder(path("plain") + "/bundle"))
        let second = try await verifier.verify(.folder(path("plain") + "/bundle"))
        for format in ReportFormat.allCases {
            let bytes = try first.encoded(as: format)
            #expect(bytes.last == UInt8(ascii: "\n"), "\(format)")
            #expect(try bytes == second.encoded(as: format), "\(format)")
        }
        #expect(String(decoding: try first.encoded(as: .text), as: UTF8.self).hasPrefix("VERIFIED"))
    }

    @Test("what is no bundle, or none of the kind that is named, is an error that names it")
    func notABundle() async throws {
        let verifier = try verifier("packed")
        let packed = path("packed") + "/packed.tar"
        let folder = path("plain") + "/bundle"
        await #expect(
            throws: VerificationError.notABundle(path: packed, reason: "it is a packed bundle")
        ) { try await verifier.verify(.folder(packed)) }
        await #expect(
            throws: VerificationError.notABundle(path: folder, reason: "it is not packed")
        ) {
            try await verifier.verify(.packed(folder))
        }
        let error = await #expect(throws: VerificationError.self) {
            try await verifier.verify(.folder("/absent"))
        }
        #expect(error?.description.contains("/absent") == true)
        #expect(throws: FormatError.self) { try InclusionProof(parsing: Array("{}".utf8)) }
    }

    @Test("a cancelled task gets no result")
    func cancelled() async throws {
        let verifier = try verifier("plain")
        let bundle = Bundle.folder(path("plain") + "/bundle")
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await verifier.verify(bundle)
        }
        await #expect(throws: VerificationError.cancelled) { try await task.value }
    }

    @Test("an earlier checkpoint that the log does not continue fails it")
    func previous() async throws {
        var verifier = try verifier("plain")
        verifier.artifacts = .none
        let bundle = path("plain") + "/bundle"
        let own = try Checkpoint(parsing: readFile(bundle + "/checkpoint"))
        verifier.previous = own
        #expect(try await verifier.verify(.folder(bundle)).verdict == .verified)
        let other = try Checkpoint(parsing: readFile(path("formats") + "/bundle/checkpoint"))
        #expect(other != own)
        verifier.previous = other
        #expect(try await verifier.verify(.folder(bundle)).verdict == .failed)
    }
}
