import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The search for secrets", .requires(pythonTool))
struct SecretSearchTests {
    /// The secret as foreign tools write it, by the encoding that is to be found.
    private static let writers: [(SecretSearch.Encoding, String)] = [
        (.raw, "b'x' + s + b'\\n'"),
        (.percent, "urllib.parse.quote(s, safe='').encode()"),
        (.percent, "b''.join(b'%%%02x' % c for c in s)"),
        (.percent, "urllib.parse.quote(urllib.parse.quote(s, safe=''), safe='').encode()"),
        (.base64, "base64.b64encode(s)"), (.base64, "base64.b64encode(b'1' + s)"),
        (.base64, "base64.b64encode(b'12' + s + b'\\n')"),
        (.base64URL, "base64.urlsafe_b64encode(s + b'123')"),
        (.base64URL, "base64.urlsafe_b64encode(b'user:' + s)"),
        (.base64URL, "base64.urlsafe_b64encode(b'user:1' + s)"),
        (.hexadecimal, "s.hex().encode()"), (.hexadecimal, "s.hex().upper().encode()"),
        (.json, "json.dumps(s.decode('latin-1')).encode()"),
        (.json, "json.dumps({'a': json.dumps(s.decode('latin-1'))}).encode()"),
        (.json, "''.join('\\\\u%04x' % c for c in s).encode()"),
        (.utf16LittleEndian, "s.decode('latin-1').encode('utf-16le')"),
        (.utf16BigEndian, "s.decode('latin-1').encode('utf-16be')"),
        (.gzip, "gzip.compress(bytes(range(256)) * 40 + s)"),
        (.gzip, "b'head' + gzip.compress(s, 0) + b'tail'"),
        (.gzip, "gzip.compress(b'ab' * 9000 + s + b'ab' * 9000, 9)"),
        (.gzip, "gzip.compress(base64.b64encode(s))"),
    ]

    /// The secret: of ASCII, since escapes of JSON write other bytes in other ways.
    private static let plain = "k4nAry/+\"q\\Z9=~xw7"

    private func written(_ expression: String) async throws -> [UInt8] {
        let program = """
            import base64, gzip, json, sys, urllib.parse
            s = bytes.fromhex(sys.argv[1])
            sys.stdout.buffer.write(\(expression))
            """
        return try await runSuccessfully(
            pythonTool, ["-c", program, Hex.string(Array(Self.plain.utf8))])
    }

    @Test("finds one in whatever way it is written", arguments: writers.indices)
    func finds(index: Int) async throws {
        let (encoding, expression) = Self.writers[index]
        let search = SecretSearch([("token", Array(Self.plain.utf8))])
        let noise = Array("{\"a\":\"%41\\n\"} plain text ".utf8)
        let hits = search.hits(in: noise + (try await written(expression)) + noise)
        #expect(hits.contains { $0.encoding == encoding && $0.name == "token" }, "\(hits)")
    }

    @Test("finds nothing where there is none, however much looks alike")
    func nothing() {
        let search = SecretSearch([
            ("token", Array(Self.plain.utf8)), ("short", Array("abc".utf8)),
        ])
        var random = SplitMix64(seed: 4)
        for _ in 0..<200 {
            let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(search.hits(in: bytes).isEmpty)
        }
        let near = Array(Self.plain.utf8.dropLast()) + Array("%00\\u0041%zz%-1\\uzz\\".utf8)
        #expect(search.hits(in: near).isEmpty)
        #expect(search.hits(in: Array("abc".utf8)).isEmpty)
    }

    @Test("stops at damaged packs, and finds what comes before the damage")
    func damaged() async throws {
        let search = SecretSearch([("token", Array(Self.plain.utf8))])
        let good = try await written("gzip.compress(s + bytes(range(256)) * 40)")
        var found = 0
        for damaged in mutations(of: good, seed: 8, count: 500)
        where !search.hits(in: damaged).isEmpty {
            found += 1
        }
        #expect(found > 0)
    }
}
