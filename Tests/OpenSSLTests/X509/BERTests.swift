import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("CMS in BER", .requires("openssl"))
struct BERTests {
    private static let message = bytes("a release\n")

    private func withStream(
        _ options: [String] = [], _ body: (Authority.Certified, [UInt8]) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify("leaf")
            let file = try await root.openssl(
                [
                    "cms", "-sign", "-binary", "-stream", "-outform", "DER", "-signer", leaf.path,
                    "-inkey", leaf.keyPath,
                ] + options, stdin: Self.message)
            try await body(leaf, file)
        }
    }

    private func verdicts(
        _ file: [UInt8], _ leaf: Authority.Certified, over content: [UInt8] = message
    ) throws -> [SignerVerdict] {
        let certificate = try Certificate(parsing: leaf.certificate())
        return try SignedData(parsing: file).signers.map {
            try $0.verdict(by: certificate, over: content)
        }
    }

    @Test(
        "is read as the DER that `openssl cms` makes of it, in every wrapping",
        arguments: [[], ["-noattr"], ["-nodetach"], ["-nodetach", "-noattr"], ["-nocerts"]])
    func read(options: [String]) async throws {
        try await withStream(options) { leaf, file in
            #expect(file.starts(with: [0x30, 0x80]))
            let der = try await runSuccessfully(
                "openssl", ["cms", "-cmsout", "-inform", "DER", "-outform", "DER"], stdin: file)
            let signed = try SignedData(parsing: file)
            let other = try SignedData(der: der)
            #expect(signed.certificates == other.certificates)
            #expect(signed.content == other.content)
            #expect(signed.signers.map(\.signature) == other.signers.map(\.signature))
            #expect(throws: CMSError.self) { try SignedData(der: file) }
            let base64 = try await runSuccessfully("openssl", ["base64"], stdin: file)
            let pem =
                bytes("-----BEGIN SIGNED MESSAGE-----\n") + base64
                + bytes("-----END SIGNED MESSAGE-----\n")
            for form in [file, pem, base64, base64 + bytes("\r\n\r\n")] {
                #expect(SignedData.isLikely(form))
                #expect(try verdicts(form, leaf) == [.verifies(.ecdsaP256SHA256)])
                let other = try verdicts(form, leaf, over: Self.message + [0])
                #expect(other != [.verifies(.ecdsaP256SHA256)])
            }
            let certificate = try Certificate(parsing: leaf.certificate())
            #expect(signed.certificates == (options == ["-nocerts"] ? [] : [certificate]))
            // A stream carries its content along, also where that was not asked for.
            #expect(signed.content == Self.message)
        }
    }

    @Test("content in pieces is one content")
    func pieces() async throws {
        try await withStream(["-nodetach", "-noattr"]) { leaf, file in
            let piece = [4, UInt8(Self.message.count)] + Self.message
            let place = try #require(file.firstRange(of: piece))
            let two = [4, 1] + Self.message.prefix(1) + [4, UInt8(Self.message.count - 1)]
            let split = file[..<place.lowerBound] + two + Self.message.dropFirst()
            let changed = Array(split + file[place.upperBound...])
            #expect(try SignedData(parsing: changed).content == Self.message)
            #expect(try verdicts(changed, leaf) == [.verifies(.ecdsaP256SHA256)])
        }
    }

    @Test("what is cut off, goes on, or goes too deep is refused")
    func refused() async throws {
        try await withStream { _, file in
            for bad in [file + [0], file + file] + (1..<file.count).map({ Array(file.prefix($0)) })
            {
                #expect(throws: CMSError.self) { try SignedData(parsing: bad) }
            }
            let head = Array(file.prefix(15))
            let limit = 256 * 1024
            for element: [UInt8] in [[0x30, 0x80], [0x24, 0x80], [0xA0, 0x80], [0x31, 0x80]] {
                let deep = (0..<(limit - 100) / 2).flatMap { _ in element }
                #expect(throws: CMSError.notBER) { try SignedData(parsing: head + deep) }
            }
            #expect(throws: CMSError.notBER) {
                try SignedData(parsing: file + [UInt8](repeating: 0, count: limit))
            }
        }
    }

    @Test("no flipped bit of a signer is accepted, and thousands of damaged files do no harm")
    func mutated() async throws {
        try await withStream(["-nocerts", "-nosmimecap"]) { leaf, file in
            let sample = try SignedData(parsing: file).signers.map(\.signature)
            for place in file.indices {
                for bit in 0..<8 {
                    var changed = file
                    changed[place] ^= 1 << bit
                    guard (try? SignedData(parsing: changed)) != nil else { continue }
                    guard try verdicts(changed, leaf) == [.verifies(.ecdsaP256SHA256)] else {
                        continue
                    }
                    // What nobody signs may change: how the certificate is named, which is tried here.
                    #expect(try SignedData(parsing: changed).signers.map(\.signature) == sample)
                }
            }
            for input in mutations(of: file, seed: 33, count: 20_000) {
                _ = try? SignedData(parsing: input)
            }
        }
    }
}
