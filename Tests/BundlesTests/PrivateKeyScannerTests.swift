import CloseoutBundles
import CloseoutTestSupport
import Testing

@Suite("Finding private keys")
struct PrivateKeyScannerTests {
    private func finds(_ bytes: [UInt8], pieces: Int) -> Bool {
        var scanner = PrivateKeyScanner()
        var rest = bytes[...]
        while !rest.isEmpty {
            scanner.scan(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
        return scanner.found
    }

    @Test(
        "Secret keys of minisign and signify are found, and their signatures and public keys are not",
        .requires("minisign"), .requires("signify-openbsd"), arguments: [1, 7, 64, 4096])
    func secretKeys(pieces: Int) async throws {
        try await withTemporaryDirectory { folder in
            let script = """
                echo content > m
                minisign -G -W -p plain.pub -s plain.sec && minisign -S -s plain.sec -m m
                signify-openbsd -G -n -p s.pub -s s.sec && signify-openbsd -S -s s.sec -m m
                """
            try await runSuccessfully("sh", ["-ec", script], workingDirectory: folder)
            for name in ["plain.sec", "s.sec"] {
                #expect(finds(try readFile("\(folder)/\(name)"), pieces: pieces), "\(name)")
            }
            for name in ["plain.pub", "s.pub", "m.minisig", "m.sig"] {
                #expect(!finds(try readFile("\(folder)/\(name)"), pieces: pieces), "\(name)")
            }
        }
    }
}
