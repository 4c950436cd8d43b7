import Closeout
import CloseoutTestSupport
import Testing

/// Gives bytes a few at a time, and may end in an error.
private struct Drops: ByteSource {
    struct Dry: Error, CustomStringConvertible {
        let description = "the store went away"
    }

    var bytes: ArraySlice<UInt8>
    let size: Int
    var failsAtEnd = false

    mutating func read(atMost count: Int) throws -> [UInt8] {
        if bytes.isEmpty, failsAtEnd { throw Dry() }
        defer { bytes = bytes.dropFirst(min(size, count)) }
        return Array(bytes.prefix(min(size, count)))
    }
}

@Suite("Verifying single signatures through the library", .requires("openssl"))
struct SignatureTests {
    private let time = Instant("2026-12-01T00:00:00Z")

    /// Makes a key and signs a message with it, by the `openssl` command.
    private func signing(
        _ message: [UInt8],
        kind: [String] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        arguments: [String] = ["dgst", "-sha256", "-sign", "key.pem", "message"],
        _ body: (_ verifier: Verifier, _ signature: [UInt8], _ folder: String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            try writeFile(message, to: folder + "/message")
            try await runSuccessfully(
                "openssl", ["genpkey"] + kind + ["-out", "key.pem"], workingDirectory: folder)
            try await runSuccessfully(
                "openssl", ["pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem"],
                workingDirectory: folder)
            let signature = try await runSuccessfully(
                "openssl", arguments, workingDirectory: folder)
            let key = try PublicKey(parsing: readFile(folder + "/pub.pem"))
            try await body(
                Verifier(policy: try .trusting(key), at: try #require(time)), signature, folder)
        }
    }

    @Test("over bytes, a file and a source of pieces, and refused over anything else")
    func ways() async throws {
        let message = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await signing(message) { verifier, signature, folder in
            let raw = try #require(SignatureFormat(named: "raw"))
            let held = try verifier.verify(signature, as: raw, over: message)
            #expect(held.verdict == .verified)
            #expect(held.signatures.map(\.counts) == [true])
            #expect(held.signatures.first?.algorithm == "ecdsa-p256-sha256")
            let file = try verifier.verify(signature, as: raw, overFileAt: folder + "/message")
            #expect(file == held)
            for size in [1_000, 1 << 20] {
                let source = Drops(bytes: message[...], size: size)
                #expect(try verifier.verify(signature, as: raw, over: source) == held)
            }
            var changed = message
            changed[699_999] ^= 1
            #expect(try verifier.verify(signature, as: raw, over: changed).verdict != .verified)
            let shorter = Drops(bytes: message.dropLast(), size: 1_000)
            #expect(try verifier.verify(signature, as: raw, over: shorter).verdict != .verified)
            let nobody = Verifier(policy: nil, at: verifier.time)
            #expect(try nobody.verify(signature, as: raw, over: message).verdict == .incomplete)
        }
    }

    @Test("by a key that signs the message itself")
    func ed25519() async throws {
        let message = [UInt8](repeating: 7, count: 300_000)
        let arguments = ["pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "message"]
        try await signing(message, kind: ["-algorithm", "ed25519"], arguments: arguments) {
            verifier, signature, _ in
            let raw = try #require(SignatureFormat(named: "raw"))
            let source = Drops(bytes: message[...], size: 65_536)
            let report = try verifier.verify(signature, as: raw, over: source)
            #expect(report.verdict == .verified)
            let other = Drops(bytes: message.dropFirst(), size: 65_536)
            #expect(try verifier.verify(signature, as: raw, over: other).verdict != .verified)
        }
    }

    @Test("a source that fails, or gives more than was wanted, gives no result but its own words")
    func failingSource() async throws {
        let message = [UInt8](repeating: 1, count: 300_000)
        try await signing(message) { verifier, signature, _ in
            let raw = try #require(SignatureFormat(named: "raw"))
            let dry = Drops(bytes: message[...], size: 1_000, failsAtEnd: true)
            #expect(throws: VerificationError.source("the store went away")) {
                try verifier.verify(signature, as: raw, over: dry)
            }
            struct Flood: ByteSource {
                mutating func read(atMost count: Int) -> [UInt8] {
                    [UInt8](repeating: 0, count: count + 1)
                }
            }
            let error = #expect(throws: VerificationError.self) {
                try verifier.verify(signature, as: raw, over: Flood())
            }
            #expect(error?.description.hasPrefix("the signed bytes: it gave ") == true)
        }
    }

    @Test("a signature of no known format is an error, and a file that is not there too")
    func unreadable() throws {
        let verifier = Verifier(policy: nil, at: try #require(time))
        #expect(throws: VerificationError.unknownFormat(candidates: [])) {
            try verifier.verify(Array("nothing".utf8), over: [])
        }
        let raw = try #require(SignatureFormat(named: "raw"))
        #expect(
            throws: VerificationError.unreadable(
                path: "/absent", reason: "cannot open: no such file or directory")
        ) { try verifier.verify([1], as: raw, overFileAt: "/absent") }
    }
}
