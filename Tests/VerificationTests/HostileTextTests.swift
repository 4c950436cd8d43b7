import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Hostile text")
struct HostileTextTests {
    /// Escape sequences, line breaks, a right-to-left override, C1 control, BOM, a tag character.
    static let hostile =
        "\u{1B}[2J\u{1B}]0;x\u{7}\rVERIFIED \n\u{202E}gpj.exe\u{9B}31m\u{2028}\u{FEFF}\u{E0041}\u{7F}"

    /// Bytes with which a file name can carry the same, and more that is not UTF-8.
    static let name = bytes(hostile).filter { $0 != 0x2F }

    private func expectHarmless(_ report: Report, holding id: CheckID) {
        #expect(report.findings.contains { $0.id == id && $0.status != .pass }, "\(id)")
        var texts = report.findings.flatMap { [$0.subject, $0.reason, $0.hint ?? ""] }
        texts += report.signatures.flatMap {
            [$0.path, $0.claimedKey ?? "", $0.reason, $0.provenBy ?? "", $0.format]
        }
        texts += [report.headline] + report.notLookedAt
        for text in texts {
            #expect(
                text.unicodeScalars.allSatisfy(Self.isHarmless), "\(id): \(text.debugDescription)")
        }
        #expect(!report.json.canonicalBytes.contains(0x1B))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }

    private func report(_ body: (inout Bench) async throws -> Void) async throws -> Report {
        var report: Report?
        try await Bench.run { bench in
            try await body(&bench)
            report = try await bench.verify()
        }
        return try #require(report)
    }

    @Test("in the names of added files is escaped")
    func names() async throws {
        for name in [Self.name, Self.name + [0xFF, 0xC0]] {
            let report = try await report { bench in
                try Directory.open(bytes(bench.path("attachments"))).write(new: name, [1])
                try Directory.open(bytes(bench.tree)).write(new: name, [1])
            }
            expectHarmless(report, holding: .bundleUnlisted)
            expectHarmless(report, holding: .artifactUnexpected)
        }
    }

    @Test("in sealed paths and in the targets of links is escaped")
    func sealedPaths() async throws {
        let missing = try await report { bench in
            try Directory.open(bytes(bench.tree)).write(new: Self.name, [1])
            try await bench.seal()
            try await bench.prove(Self.hostile)
            bench.request.chosenFiles = [.init(file: bytes(bench.tree + "/bin/tool"), path: nil)]
        }
        expectHarmless(missing, holding: .artifactName)
        let link = try await report { bench in
            try await runSuccessfully("ln", ["-sfn", Self.hostile, bench.tree + "/lib/x.so"])
        }
        expectHarmless(link, holding: .artifactLinkTarget)
    }

    @Test("in key ids and payload types of signatures is escaped")
    func envelopes() async throws {
        let report = try await report { bench in
            let signature: JSON = ["keyid": JSON(Self.hostile), "sig": "AAAA"]
            let envelope: JSON = [
                "payload": "AAAA", "payloadType": JSON(Self.hostile), "signatures": [signature],
            ]
            try bench.attach(envelope.canonicalBytes)
            let seal = try bench.file("seal.json")
            let input = DSSEEnvelope.signingInput(payloadType: bytes(Self.hostile), payload: seal)
            let typed: JSON = [
                "payload": .string(Base64.encode(seal)), "payloadType": JSON(Self.hostile),
                "signatures": [
                    [
                        "keyid": "",
                        "sig": .string(
                            Base64.encode(
                                try bench.release.key().sign(input, algorithm: .ed25519))),
                    ]
                ],
            ]
            try bench.attach(typed.canonicalBytes)
            try bench.commit()
        }
        expectHarmless(report, holding: .signatureKeyKnown)
        expectHarmless(report, holding: .signatureSubject)
    }

    @Test("in members of documents that nobody knows is escaped, and in those that are known")
    func members() async throws {
        let member = String(decoding: JSON(Self.hostile).canonicalBytes, as: UTF8.self)
        let seal = try await report { bench in
            let seal = String(decoding: try bench.file("seal.json"), as: UTF8.self)
            try bench.forgeSeal(bytes("{\(member):1," + seal.dropFirst()))
        }
        expectHarmless(seal, holding: .sealFormat)
        for (old, new) in [
            (#""closeout/archive-signature/v1""#, member), (#""restricted""#, member),
            (#""format":"#, "\(member):1,\"format\":"),
        ] {
            let record = try await report { bench in
                let name = try bench.first(.evidence)
                let text = String(decoding: try bench.file(name), as: UTF8.self)
                try bench.forge(name, bytes(text.replacing(old, with: new)))
            }
            expectHarmless(record, holding: .recordFormat)
        }
        let log = try await report { try $0.editLog(line: 5, "\"attachment\"", member) }
        expectHarmless(log, holding: .logFormat)
        let place = try await report {
            try $0.editLog(line: 5, "\"attachments/", "\(member.dropLast())/")
        }
        expectHarmless(place, holding: .logFormat)
    }

    @Test("in a manifest's header and lines is escaped")
    func manifest() async throws {
        let member = String(decoding: JSON(Self.hostile).canonicalBytes, as: UTF8.self)
        let header = try await report { bench in
            try bench.forgeManifest(bench.entryLines(), header: "{\(member):1}")
        }
        expectHarmless(header, holding: .manifestFormat)
        let line = try await report { bench in
            let entry =
                #"{"path":"z\#(member.dropFirst().dropLast())","target":"../..","type":"symlink"}"#
            try bench.forgeManifest(bench.entryLines() + [entry])
        }
        expectHarmless(line, holding: .manifestLinkEscape)
    }
}
