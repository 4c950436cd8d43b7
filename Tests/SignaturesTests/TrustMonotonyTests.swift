import CloseoutEncodings
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// Trusting more never makes a verdict worse, as long as nothing is wrong by what is trusted.
@Suite("More trust", .requires("openssl"))
struct TrustMonotonyTests {
    /// Somebody who signs, as whom the policy has them, and the file that they signed.
    private struct Party {
        let entry: JSON
        let id: String
        let file: SignatureFile
    }

    private func policy(_ parties: [Party], threshold: Int64) throws -> TrustPolicy {
        let document = policyDocument(
            parties.map(\.entry),
            roles: ["release": rule(parties.map(\.id), threshold: threshold)])
        return try TrustPolicy(parsing: document.canonicalBytes)
    }

    private func rank(_ word: SignatureVerdictWord) -> Int {
        switch word {
        case .failed: 0
        case .incomplete: 1
        case .met: 2
        }
    }

    /// Every subset of a few parties.
    private func subsets(_ parties: [Party]) -> [[Party]] {
        (0..<(1 << parties.count)).map { mask in
            parties.indices.filter { mask >> $0 & 1 == 1 }.map { parties[$0] }
        }
    }

    @Test(
        "never lowers a verdict, whichever files there are and whoever is trusted before",
        arguments: SigningFormat.all)
    func addingKeys(format: SigningFormat) async throws {
        let (good, late, weak) = try await (
            format.signer(), format.signer(), format.signer(fromSamples: true)
        )
        let ended = [member("not_after", "2026-01-01T00:00:00Z")]
        let parties = try [
            Party(entry: good.entry("good"), id: "good", file: SignatureFile(format, good)),
            // Its time has ended, and nothing proves that the signature is older.
            Party(entry: late.entry("late", ended), id: "late", file: SignatureFile(format, late)),
            // Not accepted: a sample key.
            Party(entry: weak.entry("weak"), id: "weak", file: SignatureFile(format, weak)),
        ]
        for files in subsets(parties) where !files.isEmpty {
            for trusted in subsets(parties) where !trusted.isEmpty {
                for added in parties where !trusted.contains(where: { $0.id == added.id }) {
                    for threshold in Int64(1)...Int64(trusted.count) {
                        let files = files.map(\.file)
                        let before = try verdict(files, policy(trusted, threshold: threshold))
                        let after = try verdict(
                            files, policy(trusted + [added], threshold: threshold))
                        #expect(
                            rank(after) >= rank(before),
                            "\(trusted.map(\.id)) and \(added.id), threshold \(threshold)")
                    }
                }
            }
        }
    }

    @Test(
        "a corrupt file by a key that it names fails, whoever else is trusted",
        arguments: SigningFormat.all.filter(\.namesSigner))
    func corrupt(format: SigningFormat) async throws {
        let (first, second) = try await (format.signer(), format.signer())
        let other = SignatureFile(
            bytes: try first.file(over: .seal(Array("{}".utf8))), format: format.format)
        let trusted = try [first.entry("first"), second.entry("second")]
        for keys in [[trusted[0]], trusted] {
            let document = policyDocument(keys, roles: ["release": rule(["first"])])
            let policy = try TrustPolicy(parsing: document.canonicalBytes)
            #expect(try verdict([other, SignatureFile(format, second)], policy) == .failed)
        }
    }
}
