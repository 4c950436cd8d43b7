import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import Testing

@Suite("The seal")
struct SealTests {
    static func sample() throws -> Seal {
        var totals = ManifestTotals()
        (totals.files, totals.directories, totals.symlinks, totals.bytes) = (3, 2, 1, 1234)
        return Seal(
            created: try #require(Instant(parsing: bytes("2026-11-23T12:00:00Z"))),
            release: try Release(name: "team/payments", version: "1.4.0"),
            manifestDigest: try SHA256Digest.of(bytes("manifest")),
            merkleRoot: try SHA256Digest.of(bytes("root")), totals: totals)
    }

    @Test("is an in-toto statement in canonical JSON over the manifest's digest")
    func format() throws {
        let seal = try Self.sample()
        #expect(
            String(decoding: seal.canonicalBytes, as: UTF8.self)
                == #"{"_type":"https://in-toto.io/Statement/v1","predicate":{"artifacts":{"bytes":1234,"#
                + #""directories":2,"files":3,"symlinks":1},"created":"2026-11-23T12:00:00Z","#
                + #""manifest":{"entries":6,"merkle_root":"\#(seal.merkleRoot.hex)"},"#
                + #""release":{"name":"team/payments","version":"1.4.0"}},"#
                + #""predicateType":"urn:closeout:seal:v1","subject":[{"digest":{"sha256":"#
                + #""\#(seal.manifestDigest.hex)"},"name":"manifest.jsonl"}]}"#)
        #expect(try Seal(parsing: seal.canonicalBytes) == seal)
    }

    @Test(
        "is refused with anything changed in its form",
        arguments: [
            ("Statement/v1", "Statement/v0.1"), ("seal:v1", "seal:v2"), ("manifest.jsonl", "other"),
            (#""entries":6"#, #""entries":7"#), (#""files":3"#, #""files":-3"#),
            (#""files":3"#, #""files":3,"more":1"#), (#""files":3,"#, ""),
            (#""bytes":1234"#, #""bytes":9007199254740992"#), ("1.4.0", ""), ("1.4.0", "1/4"),
            ("team/payments", "team//payments"), ("12:00:00Z", "12:00:00.0Z"),
            ("12:00:00Z", "12:00:00+00:00"), (#"}]}"#, "}]}\n"), (#"}]}"#, "}] }"),
            (#""subject":[{"#, #""subject":[{},{"#), (#""sha256""#, #""sha512""#),
            (#"{"_type""#, #"{"_type":1,"_type""#),
        ])
    func refused(old: String, new: String) throws {
        let text = String(decoding: try Self.sample().canonicalBytes, as: UTF8.self)
        let changed = text.replacing(old, with: new)
        #expect(changed != text)
        #expect(throws: SealError.self) { try Seal(parsing: bytes(changed)) }
    }

    @Test("is refused when it is larger than four kibibytes, before it is read")
    func tooLarge() throws {
        let large = [UInt8](repeating: 0x20, count: Seal.largest + 1)
        #expect(throws: SealError.tooLarge(4097)) { try Seal(parsing: large) }
    }

    @Test("stays under its limit with the longest name and version")
    func longest() throws {
        let part = String(repeating: "n", count: 64)
        let seal = try Self.sample()
        let name = Array(repeating: part, count: 15).joined(separator: "/")
        let release = try Release(name: name, version: part)
        let long = Seal(
            created: seal.created, release: release, manifestDigest: seal.manifestDigest,
            merkleRoot: seal.merkleRoot, totals: seal.totals)
        #expect(long.canonicalBytes.count < Seal.largest)
        #expect(try Seal(parsing: long.canonicalBytes) == long)
    }
}

@Suite("A release")
struct ReleaseTests {
    @Test(
        "is a name and a version",
        arguments: [
            ("payments@1.4.0", "payments", "1.4.0"), ("a/b/c@1", "a/b/c", "1"),
            ("A.b_c+d-e@9z", "A.b_c+d-e", "9z"),
        ])
    func good(text: String, name: String, version: String) throws {
        let release = try Release(parsing: text)
        #expect(release.name == name)
        #expect(release.version == version)
        #expect(release.description == text)
    }

    @Test(
        "is refused in any other form",
        arguments: [
            "", "payments", "@1", "payments@", "a@b@c", "a b@1", "/a@1", "a/@1", "a//b@1", ".a@1",
            "a/../b@1", "a@-1", "a@1/2", "é@1", "a@1\n", "a@\u{301}1",
            String(repeating: "a", count: 65) + "@1",
            String(repeating: "aa/", count: 342) + "a@1",
        ])
    func bad(text: String) {
        #expect(throws: ReleaseError.self) { try Release(parsing: text) }
    }

    @Test("gives a bundle its name, without a slash")
    func fileStem() throws {
        #expect(try Release(parsing: "team/payments@1.4.0").fileStem == "team_payments-1.4.0")
    }
}
