import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Digests")
struct DigestTests {
    @Test(
        "equal the published ones of `abc`",
        arguments: [
            (
                DigestAlgorithm.sha256,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            ),
            (
                .sha384,
                """
                cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed
                8086072ba1e7cc2358baeca134c825a7
                """
            ),
            (
                .sha512,
                """
                ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
                2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
                """
            ),
            (
                .blake2b512,
                """
                ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1
                7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923
                """
            ),
        ])
    func published(algorithm: DigestAlgorithm, expected: String) throws {
        #expect(try digest(algorithm, of: bytes("abc")) == unhex(expected))
        #expect(algorithm.size == unhex(expected).count)
    }

    @Test("of a million letters equals the published one, whatever the pieces")
    func pieces() throws {
        var context = try DigestContext(.sha256)
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        var start = 0
        while start < message.count {
            let end = min(message.count, start * 2 + 1)
            try context.update(message[start..<end].span)
            start = end
        }
        #expect(
            try context.finish()
                == unhex("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"))
    }

    @Test(
        "of one message do not depend on the messages before", arguments: DigestAlgorithm.allCases)
    func reuse(algorithm: DigestAlgorithm) throws {
        var context = try DigestContext(algorithm)
        for message in ["", "first", "", "second", "first"].map(bytes) {
            try context.update(message)
            #expect(try context.finish() == digest(algorithm, of: message))
        }
    }

    @Test("are the same from a context, at once and as bytes")
    func forms() throws {
        var context = try DigestContext(.sha256)
        for message in ["", "one", "two"].map(bytes) {
            try context.update(message)
            let value = try context.finishSHA256()
            #expect(try value == SHA256Digest.of(message))
            #expect(try value.bytes == digest(.sha256, of: message))
            #expect(SHA256Digest(value.bytes) == value)
        }
    }

    @Test("are not passed off as SHA-256 by a context of another algorithm")
    func otherAlgorithm() throws {
        var context = try DigestContext(.sha512)
        var caught: OpenSSLError?
        do { _ = try context.finishSHA256() } catch { caught = error }
        #expect(caught?.description == "EVP_DigestFinal_ex: the context computes sha512")
    }

    @Test("need exactly 32 bytes and are ordered as their bytes are")
    func ordering() throws {
        #expect(SHA256Digest([UInt8](repeating: 0, count: 31)) == nil)
        #expect(SHA256Digest([UInt8](repeating: 0, count: 33)) == nil)
        for place in [0, 7, 8, 15, 16, 23, 24, 31] {
            var small = [UInt8](repeating: 0x80, count: 32)
            var large = small
            small[place] = 0x7F
            large[place] = 0x81
            if place < 31 { small[place + 1] = 0xFF }
            let (left, right) = try (#require(SHA256Digest(small)), #require(SHA256Digest(large)))
            #expect(left < right && left != right)
        }
    }

    @Test("digests that somebody chose to begin alike are kept apart where they are looked up")
    func hashing() throws {
        let head = [UInt8](repeating: 7, count: 24)
        let digests = (0..<1000).compactMap { number in
            SHA256Digest(head + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
        }
        #expect(digests.count == 1000)
        #expect(Set(digests.map(\.hashValue)).count == 1000)
    }

    @Test("may be computed by many tasks at once")
    func concurrency() async throws {
        let expected = try (0..<64).map { try SHA256Digest.of([UInt8](repeating: $0, count: 999)) }
        let computed = try await withThrowingTaskGroup(of: (Int, SHA256Digest).self) { group in
            for index in 0..<64 {
                group.addTask {
                    var context = try DigestContext(.sha256)
                    for _ in 0..<999 { try context.update([UInt8(index)]) }
                    return (index, try context.finishSHA256())
                }
            }
            return try await group.reduce(into: [Int: SHA256Digest]()) { $0[$1.0] = $1.1 }
        }
        #expect((0..<64).allSatisfy { computed[$0] == expected[$0] })
    }

    @Test("equal those of the openssl command", arguments: DigestAlgorithm.allCases)
    func oracle(algorithm: DigestAlgorithm) async throws {
        var generator = SplitMix64(seed: 7)
        for size in [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 4096, 100_003] {
            let message = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let output = try await runSuccessfully(
                "openssl", ["dgst", "-\(algorithm.rawValue)", "-binary"], stdin: message)
            #expect(try output == digest(algorithm, of: message))
        }
    }
}
