import Encodings
import OpenSSL
import Signatures
import TestSupport
import Testing

/// The table "Effects" of docs/signatures.md, row by row, in every format.
@Suite("What each signature does to the verdict, in every format", .serialized)
struct EffectTableTests {
    /// A policy in which two operators are known, of whom `threshold` have to sign.
    private func policy(
        _ first: Signer, _ second: Signer, threshold: Int64, _ members: [JSONMember] = []
    ) throws -> TrustPolicy {
        try SignaturesTests.policy(
            [first.entry("first", members), second.entry("second")],
            roles: ["release": rule(["first", "second"], threshold: threshold)])
    }

    private func file(_ format: SigningFormat, _ signer: Signer) throws -> SignatureFile {
        SignatureFile(bytes: try format.sign(with: signer), format: format.format)
    }

    @Test("All is well: it counts", arguments: SigningFormat.all)
    func counts(format: SigningFormat) throws {
        let (first, second) = try (format.signer(), format.signer())
        let files = try [file(format, first), file(format, second)]
        #expect(try verdict([files[0]], policy(first, second, threshold: 1)) == .met)
        #expect(try verdict(files, policy(first, second, threshold: 2)) == .met)
    }

    @Test(
        "It names a policy key and does not verify with it: FAILED, whoever else signed",
        arguments: SigningFormat.all)
    func namedAndInvalid(format: SigningFormat) throws {
        let (first, second) = try (format.signer(), format.signer())
        let policy = try policy(first, second, threshold: 1)
        let other = try format.sign(.seal(Array("{}".utf8)), with: first)
        let material = try #require(policy.key("first")).material
        let signature = try #require(try format.format.signatures(in: other).first)
        let isNamed = signature.relation(to: material) == .named
        #expect(isNamed || ![.dsse, .sigstore].contains(format.format))
        let files = [SignatureFile(bytes: other, format: format.format)]
        #expect(try verdict(files, policy) == (isNamed ? .failed : .incomplete))
        let withGood = try files + [file(format, second)]
        #expect(try verdict(withGood, policy) == (isNamed ? .failed : .met))
    }

    @Test("It is not of its format: FAILED, whoever else signed", arguments: SigningFormat.all)
    func malformed(format: SigningFormat) throws {
        let (first, second) = try (format.signer(), format.signer())
        let policy = try policy(first, second, threshold: 1)
        let good = try file(format, second)
        for bytes in [[], Array(repeating: UInt8(ascii: "!"), count: 64), [0]] {
            let bad = SignatureFile(bytes: bytes, format: format.format)
            #expect(try verdict([bad], policy) == .failed)
            #expect(try verdict([good, bad], policy) == .failed)
        }
    }

    @Test("It is by nobody whom the policy knows: not counted", arguments: SigningFormat.all)
    func unknownKey(format: SigningFormat) throws {
        let (first, second) = try (format.signer(), format.signer())
        let stranger = try file(format, format.signer())
        let policy = try policy(first, second, threshold: 1)
        #expect(try verdict([stranger], policy) == .incomplete)
        #expect(try verdict([stranger, file(format, first)], policy) == .met)
        let judgements = try judge(policy).judge(
            stranger.bytes, as: stranger.format, over: seal)
        #expect(judgements.map(\.outcome) == [.unknownKey])
    }

    @Test(
        "Its key is revoked: not counted, and FAILED if the threshold is then missed",
        arguments: SigningFormat.all)
    func revokedKey(format: SigningFormat) throws {
        for reason in ["compromised", "superseded", "ceased"] {
            let (first, second) = try (format.signer(), format.signer())
            let members = [revoked("2026-01-01T00:00:00Z", reason)]
            let files = try [file(format, first), file(format, second)]
            let one = try policy(first, second, threshold: 1, members)
            #expect(try verdict([files[0]], one) == .failed)
            #expect(try verdict(files, one) == .met)
            let two = try policy(first, second, threshold: 2, members)
            #expect(try verdict(files, two) == .failed)
            #expect(try verdict([files[1]], two) == .incomplete)
        }
    }

    @Test(
        "Its key is too weak: not counted, and FAILED if the threshold is then missed",
        arguments: SigningFormat.all)
    func weakKey(format: SigningFormat) throws {
        let (sample, second) = try (format.signer(fromSamples: true), format.signer())
        let document = policyDocument(
            [sample.entry("first"), second.entry("second")],
            roles: ["release": rule(["first", "second"])])
        let policy = try TrustPolicy(parsing: document.canonicalBytes)
        let files = try [file(format, sample), file(format, second)]
        #expect(try verdict([files[0]], policy) == .failed)
        #expect(try verdict(files, policy) == .met)
    }

    @Test("Its time cannot be told: not counted, and no failure", arguments: SigningFormat.all)
    func timeUnknown(format: SigningFormat) throws {
        let (first, second) = try (format.signer(), format.signer())
        let ended = [member("not_after", "2026-01-01T00:00:00Z")]
        let policy = try policy(first, second, threshold: 1, ended)
        let file = try file(format, first)
        #expect(try verdict([file], policy) == .incomplete)
        #expect(try verdict([file, self.file(format, second)], policy) == .met)
    }

    @Test("A threshold is missed and nothing failed: INCOMPLETE", arguments: SigningFormat.all)
    func missedThreshold(format: SigningFormat) throws {
        let (first, second) = try (format.signer(), format.signer())
        let policy = try policy(first, second, threshold: 2)
        #expect(try verdict([], policy) == .incomplete)
        let once = try file(format, first)
        #expect(try verdict([once], policy) == .incomplete)
        #expect(try verdict([once, once, file(format, first)], policy) == .incomplete)
    }

    @Test("Three of four operators sign in as many formats as there are, and old keys are retired")
    func rotation() throws {
        let formats = SigningFormat.all
        let operators = try (0..<4).map { index in
            let format = formats[index % formats.count]
            return (format: format, old: try format.signer(), new: try format.signer())
        }
        let turn = "2027-01-01T00:00:00Z"
        var keys: [JSON] = []
        for (index, each) in operators.enumerated() {
            let name = "operator-\(index)"
            keys.append(
                each.old.entry("old-\(index)", operator: name, [member("not_after", turn)]))
            keys.append(
                each.new.entry("new-\(index)", operator: name, [member("not_before", turn)]))
        }
        let ids = (0..<4).flatMap { ["old-\($0)", "new-\($0)"] }
        let policy = try SignaturesTests.policy(
            keys, roles: ["release": rule(ids, threshold: 3)])
        let proofs = [try proof("2026-06-01T00:00:00Z")]
        let old = try operators.map { try file($0.format, $0.old) }
        let dated = old.map { SignatureFile(bytes: $0.bytes, format: $0.format, proofs: proofs) }
        let new = try operators.map { try file($0.format, $0.new) }
        let late = "2029-06-01T00:00:00Z"
        #expect(try verdict(Array(dated.prefix(3)), policy, asOf: late) == .met)
        #expect(try verdict(Array(new.prefix(3)), policy, asOf: late) == .met)
        #expect(try verdict(Array(new.prefix(2)), policy, asOf: late) == .incomplete)
        #expect(try verdict(old, policy, asOf: late) == .incomplete)
        #expect(try verdict(old, policy, asOf: turn) == .met)
        // Three keys of two operators are two.
        #expect(try verdict([dated[0], new[0], new[1]], policy, asOf: late) == .incomplete)
    }
}
