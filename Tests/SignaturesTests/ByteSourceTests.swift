import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// Bytes that come in pieces, as from a file or from a pipe.
private struct Pieces: ByteSource {
    let bytes: [UInt8]
    var isPipe = false
    /// What is found at the end, where the bytes did not stay.
    var change: ChangedBytes?
    private var offset = 0
    private(set) var readings = 0

    init(_ bytes: [UInt8], isPipe: Bool = false, change: ChangedBytes? = nil) {
        self.bytes = bytes
        self.isPipe = isPipe
        self.change = change
    }

    struct ChangedBytes: Error, Equatable {}

    struct Region: ByteRegion {
        let bytes: [UInt8]
        func withBytes(_ body: (borrowing Span<UInt8>) -> Void) { body(bytes.span) }
    }

    var count: Int? { isPipe ? nil : bytes.count }

    mutating func rewind() { offset = 0 }

    mutating func read(into buffer: inout [UInt8]) -> Int {
        // Pieces are of uneven sizes, as those of pipes are.
        let count = min(buffer.count, bytes.count - offset, 50_021)
        buffer.replaceSubrange(..<count, with: bytes[offset..<(offset + count)])
        if offset + count == bytes.count, count > 0 { readings += 1 }
        offset += count
        return count
    }

    func region() -> any ByteRegion { Region(bytes: bytes) }

    func confirmUnchanged() throws {
        if let change { throw change }
    }
}

@Suite("Signatures over bytes that are read in pieces", .requires("openssl"))
struct ByteSourceTests {
    private static let long: [UInt8] = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    /// What comes of a file over content at hand, and over the same from a source.
    private func outcomes(
        _ file: SignatureFile, _ policy: TrustPolicy, over content: [UInt8], isPipe: Bool = false
    ) throws -> (held: [SignatureResult], streamed: [SignatureResult], readings: Int) {
        let verifier = try verify(policy)
        let held = try verifier.verify(file.bytes, as: file.format, over: .file(content))
        var source = Pieces(content, isPipe: isPipe)
        let streamed = try verifier.verify(file.bytes, as: file.format, over: &source)
        return (held, streamed, source.readings)
    }

    @Test("are verified as those over bytes at hand, in every format", arguments: SigningFormat.all)
    func agreement(format: SigningFormat) async throws {
        let (signer, stranger) = try await (format.signer(), format.signer())
        let policy = try policy(
            [signer.entry("first")], roles: ["release": rule(["first"])])
        var changed = Self.long
        changed[changed.count - 1] ^= 1
        let short = Array(Self.long.prefix(1000))
        let contents = [Self.long, changed, Self.long + [0], short, []]
        for (signed, by) in [(Self.long, signer), (short, signer), (Self.long, stranger)] {
            let bytes = try by.file(over: .file(signed))
            let file = SignatureFile(bytes: bytes, format: format.format)
            for content in contents {
                for isPipe in [false, true] {
                    let found = try outcomes(file, policy, over: content, isPipe: isPipe)
                    #expect(found.streamed == found.held)
                    #expect(found.readings <= (isPipe ? 1 : 2))
                }
            }
        }
        // An envelope holds what it is over, and is not as long as this.
        guard ![.dsse, .sigstore].contains(format.format) else { return }
        let file = try SignatureFile(
            bytes: signer.file(over: .file(Self.long)), format: format.format)
        let good = try outcomes(file, policy, over: Self.long)
        #expect(good.streamed.map(\.outcome) == [.accepted])
        #expect(good.readings <= 1)
    }

    @Test(
        "that another algorithm made are reported so after a second reading",
        arguments: [
            SignatureAlgorithm.rsaPSSSHA256, .rsaPSSSHA512, .rsaPKCS1SHA384, .rsaPKCS1SHA512,
        ])
    func reasons(algorithm: SignatureAlgorithm) throws {
        let signer = try Signer(sample: "rsa2048", algorithm: algorithm)
        let expected = try Signer(sample: "rsa2048", algorithm: .rsaPKCS1SHA256)
        let policy = try policy([expected.entry("k")], roles: ["release": rule(["k"])])
        let file = SignatureFile(bytes: try signer.sign(Self.long), format: .raw)
        let found = try outcomes(file, policy, over: Self.long)
        #expect(found.streamed == found.held)
        #expect(found.streamed.first?.outcome.reason.contains(algorithm.rawValue) == true)
        #expect(found.readings == (algorithm.digest == .sha256 ? 1 : 2))
        let fromPipe = try outcomes(file, policy, over: Self.long, isPipe: true)
        #expect(fromPipe.streamed == fromPipe.held)
        #expect(fromPipe.readings == 1)
    }

    @Test("of many signers are all found in one reading")
    func many() throws {
        let makers = try (0..<5).map { _ in OpenPGPMaker(signer: try Signer(.ed25519)) }
        let entries = try makers.enumerated().map { index, maker in
            openPGPEntry("k\(index)", openPGPText(try maker.key()))
        }
        let policy = try policy(entries, roles: ["release": rule(["k0"])])
        let file = SignatureFile(
            bytes: try makers.flatMap { try $0.file(over: Self.long) }, format: .openPGP)
        let found = try outcomes(file, policy, over: Self.long)
        #expect(found.streamed.map(\.outcome) == Array(repeating: .accepted, count: 5))
        #expect(found.streamed == found.held && found.readings == 1)
    }

    @Test("do not count where the bytes did not stay as they were")
    func changed() throws {
        let signer = try Signer(.p256)
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        for content in [Self.long, [1]] {
            var source = Pieces(content, change: Pieces.ChangedBytes())
            #expect(throws: Pieces.ChangedBytes()) {
                try verify(policy).verify(signer.sign(content), as: .raw, over: &source)
            }
        }
    }
}
