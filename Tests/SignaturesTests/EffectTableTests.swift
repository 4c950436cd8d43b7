import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The table "Effects" of docs/signatures.md, row by row, in every format.
@Suite("What each signature does to the verdict, in every format", .requires("openssl"))
struct EffectTableTests {
    /// A policy in which two operators are known, of whom `threshold` have to sign.
    private func policy(
        _ first: any FormatSigner, _ second: any FormatSigner, threshold: Int64,
        _ members: [JSONMember] = []
    ) throws -> TrustPolicy {
        try SignaturesTests.policy(
            [first.entry("first", members), second.entry("second")],
            roles: ["release": rule(["first", "second"], threshold: threshold)])
    }

    @Test("All is well: it counts", arguments: SigningFormat.all)
    func counts(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let files = try [SignatureFile(format, first), SignatureFile(format, second)]
        #expect(try verdict([files[0]], policy(first, second, threshold: 1)) == .met)
        #expect(try verdict(files, policy(first, second, threshold: 2)) == .met)
    }

    @Test(
        "It names a policy key and does not verify with it: FAILED, whoever else signed",
        arguments: SigningFormat.all)
    func namedAndInvalid(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let policy = try policy(first, second, threshold: 1)
        let other = try first.file(over: .seal(Array("{}".utf8)))
        let isNamed = format.namesSigner
        let files = [SignatureFile(bytes: other, format: format.format)]
        #expect(try verdict(files, policy) == (isNamed ? .failed : .incomplete))
        let withGood = try files + [SignatureFile(format, second)]
        #expect(try verdict(withGood, policy) == (isNamed ? .failed : .met))
    }

    @Test("It is not of its format: FAILED, whoever else signed", arguments: SigningFormat.all)
    func malformed(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let policy = try policy(first, second, threshold: 1)
        let good = try SignatureFile(format, second)
        for bytes in [[], Array(repeating: UInt8(ascii: "!"), count: 64), [0]] {
            let bad = SignatureFile(bytes: bytes, format: format.format)
            #expect(try verdict([bad], policy) == .failed)
            #expect(try verdict([good, bad], policy) == .failed)
        }
    }

    @Test("It is by nobody whom the policy knows: not counted", arguments: SigningFormat.all)
    func unknownKey(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let stranger = try await SignatureFile(format, format.signer())
        let policy = try policy(first, second, threshold: 1)
        #expect(try verdict([stranger], policy) == .incomplete)
        #expect(try verdict([stranger, SignatureFile(format, first)], policy) == .met)
        let results = try verify(policy).verify(
            stranger.bytes, as: stranger.format, over: seal)
        #expect(results.map(\.outcome) == [.unknownKey])
    }

    @Test(
        "Its key is revoked: not counted, and FAILED if the threshold is then missed",
        arguments: SigningFormat.all)
    func revokedKey(format: SigningFormat) async throws {
        for reason in ["compromised", "superseded", "ceased"] {
            let (first, second) = try await (format.signer(), format.signer())
            let members = [revoked("2026-01-01T00:00:00Z", reason)]
            let files = try [SignatureFile(format, first), SignatureFile(format, second)]
            let one = try policy(first, second, threshold: 1, members)
            #expect(try verdict([files[0]], one) == .failed)
            #expect(try verdict(files, one) == .met)
            let two = try policy(first, second, threshold: 2, members)
            #expect(try verdict(files, two) == .failed)
            #expect(try verdict([files[1]], two) == .incomplete)
        }
    }

    @Test(
        "Its key is too weak: not counted, and no failure",
        arguments: SigningFormat.all)
    func weakKey(format: SigningFormat) async throws {
        let (sample, second) = try await (
            format.signer(fromSamples: true), format.signer()
        )
        let document = try policyDocument(
            [sample.entry("first"), second.entry("second")],
            roles: ["release": rule(["first", "second"])])
        let policy = try TrustPolicy(parsing: document.canonicalBytes)
        let files = try [SignatureFile(format, sample), SignatureFile(format, second)]
        #expect(try verdict([files[0]], policy) == .incomplete)
        #expect(try verdict(files, policy) == .met)
    }

    @Test("Its time is not established: not counted, and no failure", arguments: SigningFormat.all)
    func timeUnknown(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let ended = [member("not_after", "2026-01-01T00:00:00Z")]
        let policy = try policy(first, second, threshold: 1, ended)
        let file = try SignatureFile(format, first)
        #expect(try verdict([file], policy) == .incomplete)
        #expect(try verdict([file, SignatureFile(format, second)], policy) == .met)
    }

    @Test("A threshold is missed and nothing failed: INCOMPLETE", arguments: SigningFormat.all)
    func missedThreshold(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let policy = try policy(first, second, threshold: 2)
        #expect(try verdict([], policy) == .incomplete)
        let once = try SignatureFile(format, first)
        #expect(try verdict([once], policy) == .incomplete)
        #expect(try verdict([once, once, SignatureFile(format, first)], policy) == .incomplete)
    }
}
