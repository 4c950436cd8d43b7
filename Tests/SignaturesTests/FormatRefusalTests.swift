import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("What every format refuses", .requires("openssl"))
struct FormatRefusalTests {
    /// What a policy of one signer makes of a file.
    private func outcome(
        _ file: [UInt8], _ format: SigningFormat, by signer: any FormatSigner,
        over content: SignedContent = seal
    ) throws -> SignatureResult.Outcome? {
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        return try verify(policy).verify(file, as: format.format, over: content).first?.outcome
    }

    @Test("a file is recognised as what it is, or as nothing", arguments: SigningFormat.all)
    func recognised(format: SigningFormat) async throws {
        let file = try await format.signer().file(over: seal)
        let expected: SignatureFormat.Detection =
            format.format == .azureKeyVault ? .unknown : .format(format.format)
        #expect(SignatureFormat.recognise(file) == expected)
    }

    @Test("a file that is cut off anywhere is malformed", arguments: SigningFormat.all)
    func truncated(format: SigningFormat) async throws {
        let signer = try await format.signer()
        let file = try signer.file(over: seal)
        #expect(try outcome(file, format, by: signer) == .accepted)
        for count in file.indices {
            let outcome = try outcome(Array(file.prefix(count)), format, by: signer)
            // The last line end of a text may be missing.
            if count == file.count - 1, file.last == UInt8(ascii: "\n") { continue }
            #expect(outcome?.name == "malformed", "\(count) of \(file.count) bytes")
        }
    }

    @Test("a file that goes on after its end is malformed", arguments: SigningFormat.all)
    func trailing(format: SigningFormat) async throws {
        let signer = try await format.signer()
        let file = try signer.file(over: seal)
        for tail in [[0], Array("x".utf8), Array("\nx".utf8)] {
            let outcome = try outcome(file + tail, format, by: signer)
            #expect(outcome?.name == "malformed", "\(printable(tail))")
        }
        let doubled = try outcome(file + file, format, by: signer)
        let expected =
            switch format.format {
            // OpenPGP has files of several signatures, and two bare ones are as long as another one.
            case .openPGP: "accepted"
            case .raw, .azureKeyVault: "unknownKey"
            default: "malformed"
            }
        #expect(doubled?.name == expected)
    }

    @Test("a file of any other format is malformed, or nobody's", arguments: SigningFormat.all)
    func otherFormats(format: SigningFormat) async throws {
        let signer = try await format.signer()
        for other in SigningFormat.all where other.format != format.format {
            let file = try await other.signer().file(over: seal)
            let outcome = try outcome(file, format, by: signer)?.name
            // Only its length tells what is a bare signature.
            let isUnknown = format.format == .raw && outcome == "unknownKey"
            #expect(outcome == "malformed" || isUnknown, "\(other.format)")
        }
    }

    @Test("a flipped bit counts in none but unsigned words", arguments: SigningFormat.all)
    func flippedBits(format: SigningFormat) async throws {
        let signer = try await format.signer()
        let file = try signer.file(over: seal)
        let unsigned = try signer.hints.map { try #require(file.firstRange(of: $0)) }
        for index in file.indices {
            var changed = file
            changed[index] ^= 1 << (index % 8)
            let other = try outcome(changed, format, by: signer, over: .seal([0x7B, 0x7D]))
            #expect(other != .accepted, "byte \(index)")
            if unsigned.contains(where: { $0.contains(index) }) { continue }
            #expect(try outcome(changed, format, by: signer) != .accepted, "byte \(index)")
        }
    }
}
