import CloseoutEncodings
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// Four operators who sign in four formats, three of whom have to, each with a key that ends at the
/// beginning of 2027 and one that begins then.
@Suite("A threshold of three over four operators, with rotation", .requires("openssl"))
struct RotationTests {
    private static let turn = "2027-01-01T00:00:00Z"
    private static let late = "2029-06-01T00:00:00Z"
    private static let proven = "2026-06-01T00:00:00Z"

    /// Four formats after one another, so that each one is among them.
    private static let formats = SigningFormat.all.indices.map { start in
        (0..<4).map { SigningFormat.all[(start + $0) % SigningFormat.all.count] }
    }

    /// Who has a key of which format, before and after the turn.
    private struct Operator {
        let name: String
        let format: SigningFormat
        let old: any FormatSigner
        let new: any FormatSigner

        func file(_ signer: any FormatSigner, proven: String? = nil) throws -> SignatureFile {
            var file = try SignatureFile(format, signer)
            if let proven { file.proofs = [try proof(proven)] }
            return file
        }
    }

    private func operators(_ formats: [SigningFormat]) async throws -> [Operator] {
        var operators: [Operator] = []
        for (index, format) in formats.enumerated() {
            let (old, new) = try await (format.signer(), format.signer())
            operators.append(Operator(name: "acme-\(index)", format: format, old: old, new: new))
        }
        return operators
    }

    /// The policy of the four, with what is said of the old key of the first one.
    private func policy(
        _ operators: [Operator], firstOld: [JSONMember] = []
    ) throws -> TrustPolicy {
        var keys: [JSON] = []
        for (index, each) in operators.enumerated() {
            keys.append(
                try each.old.entry(
                    "old-\(index)", operator: each.name,
                    [member("not_after", Self.turn)] + (index == 0 ? firstOld : [])))
            keys.append(
                try each.new.entry(
                    "new-\(index)", operator: each.name, [member("not_before", Self.turn)]))
        }
        let ids = operators.indices.flatMap { ["old-\($0)", "new-\($0)"] }
        return try SignaturesTests.policy(keys, roles: ["release": rule(ids, threshold: 3)])
    }

    @Test(
        "years later a release of the old keys and one of the new keys both have their three",
        arguments: formats)
    func rotation(formats: [SigningFormat]) async throws {
        let operators = try await operators(formats)
        let policy = try policy(operators)
        let before = try operators.map { try $0.file($0.old, proven: Self.proven) }
        let after = try operators.map { try $0.file($0.new) }
        #expect(try verdict(Array(before.prefix(3)), policy, asOf: Self.late) == .met)
        #expect(try verdict(Array(after.prefix(3)), policy, asOf: Self.late) == .met)
        #expect(try verdict(Array(before.prefix(2)), policy, asOf: Self.late) == .incomplete)
        #expect(try verdict(Array(after.prefix(2)), policy, asOf: Self.late) == .incomplete)
        // Three keys of two operators are two.
        let three = [before[0], after[0], after[1]]
        #expect(try verdict(three, policy, asOf: Self.late) == .incomplete)
        // Without a proven time the old release counts for as long as the old keys do.
        let unproven = try operators.map { try $0.file($0.old) }
        #expect(try verdict(unproven, policy, asOf: Self.turn) == .met)
        #expect(try verdict(unproven, policy, asOf: Self.late) == .incomplete)
    }

    @Test("a compromised key kills what has no earlier proven time", arguments: formats)
    func compromised(formats: [SigningFormat]) async throws {
        let operators = try await operators(formats)
        let stolen = try policy(
            operators, firstOld: [revoked("2026-09-01T00:00:00Z", "compromised")])
        func release(_ proven: String?) throws -> [SignatureFile] {
            try operators.prefix(3).map { try $0.file($0.old, proven: proven) }
        }
        #expect(try verdict(release(Self.proven), stolen, asOf: Self.late) == .met)
        for instant in [Self.proven, Self.turn] {
            #expect(try verdict(release(nil), stolen, asOf: instant) == .failed)
        }
        let later = "2026-10-01T00:00:00Z"
        #expect(try verdict(release(later), stolen, asOf: Self.late) == .failed)
        // A fourth operator's signature makes up for the one that was killed.
        let fourth = try operators[3].file(operators[3].old, proven: later)
        #expect(try verdict(release(later) + [fourth], stolen, asOf: Self.late) == .met)
    }
}
