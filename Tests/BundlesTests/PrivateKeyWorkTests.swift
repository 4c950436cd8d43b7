import CloseoutBundles
import CloseoutTestSupport
import Testing

@Suite("The work of the scanner for private keys")
struct PrivateKeyWorkTests {
    /// Texts without a key that look as if one began, over and over.
    private static let hostile = [
        "M\\", "M\\n", "MII", "G", "\n-----BEGIN ", "\n-----BEGIN PRIVATE KEY-----x",
        "-----BEGIN A-----",
        "-----BEGIN PGP -----", "MHcCAQEEUA", "MC4CAQAwLAYDK",
        "LS0tLS1CRUdJTiBL", "xPuTTY-User-Key-File-3:", "Xktdj", "MI\\u000a",
    ]

    @Test(
        "looks ahead at each byte at most twenty times, whatever it is fed", arguments: hostile,
        [1, 2, 4])
    func hostileText(_ text: String, width: Int) {
        let letter = wide(text, width)
        let count = repetitions(600_000, usually: 150_000) / letter.count
        let bytes = [UInt8](repeatElement(letter, count: count).joined())
        var scanner = PrivateKeyScanner()
        scanner.scan(bytes[...])
        #expect(!scanner.found)
        #expect(scanner.lookedAt < 20 * bytes.count)
    }

    private func wide(_ text: String, _ width: Int) -> [UInt8] {
        text.utf8.flatMap { (byte: UInt8) -> [UInt8] in
            [byte] + [UInt8](repeating: 0, count: width - 1)
        }
    }

    @Test("decides of a letter by the few that follow, in UTF-16 as in ASCII")
    func fewLetters() {
        for text in ["M\\", "\n-----BEGIN "] {
            let bytes = [UInt8](repeatElement(wide(text, 2), count: 100_000).joined())
            var scanner = PrivateKeyScanner()
            scanner.scan(bytes[...])
            #expect(!scanner.found)
            #expect((1...(3 * bytes.count)).contains(scanner.lookedAt))
        }
    }
}
