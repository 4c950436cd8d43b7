import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("What frames a cleartext document")
struct OpenPGPCleartextFramingTests {
    /// A document put together anew from its three parts.
    private struct Change: Sendable, CustomStringConvertible {
        let description: String
        let isTaken: Bool
        let apply: @Sendable (_ head: String, _ text: String, _ armour: String) -> String
    }

    private static let changes = [
        Change(description: "CR LF before the armour", isTaken: true) {
            $0 + $1.dropLast() + "\r\n" + $2
        },
        Change(description: "CR LF before the armour and in it", isTaken: true) {
            $0 + $1.dropLast() + "\r\n" + $2.replacing("\n", with: "\r\n")
        },
        Change(description: "blanks in the armour and an empty line behind it", isTaken: true) {
            $0 + $1 + $2.replacing("\n", with: " \n") + "\n"
        },
        Change(description: "blanks behind the first line", isTaken: true) {
            $0.replacing("MESSAGE-----", with: "MESSAGE----- ") + $1 + $2
        },
        Change(description: "two headers", isTaken: true) {
            $0.replacing("Hash: ", with: "Hash: SHA256\nHash: ") + $1 + $2
        },
        Change(description: "one header more behind it", isTaken: true) {
            $0.dropLast() + "Hash: SHA384\n\n" + $1 + $2
        },
        Change(description: "an empty line more before the armour", isTaken: false) {
            $0 + $1 + "\n" + $2
        },
        Change(description: "a line of CR LF alone before the armour", isTaken: false) {
            $0 + $1 + "\r\n" + $2
        },
    ]

    @Test(
        "says nothing, and what gpgv verifies counts",
        .requires("gpg"), .requires("gpgv"), .requires("gpgconf"))
    func changes() async throws {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org")
            let key = try await tool.publicKeys(of: "a@example.org")
            let ring = try tool.store(try await tool.gpg(["--export"]), "ring.gpg")
            let content = Array("one\n-two\n".utf8)
            let document = String(
                decoding: try await tool.gpg(
                    ["--digest-algo", "SHA512", "--clear-sign"], stdin: content), as: UTF8.self)
            let armour = try #require(document.firstRange(of: "-----BEGIN PGP SIGNATURE-----"))
            let text = try #require(document.firstRange(of: "\n\n")).upperBound
            for change in Self.changes {
                let changed = change.apply(
                    String(document[..<text]), String(document[text..<armour.lowerBound]),
                    String(document[armour.lowerBound...]))
                let path = try tool.store(Array(changed.utf8), "d")
                let oracle = try await run(
                    "gpgv", ["--homedir", tool.home, "--keyring", ring, path])
                #expect((oracle.status == 0) == change.isTaken, "\(change)")
                let outcomes = try openPGPOutcomes(
                    Array(changed.utf8), key: key, over: .file(content), as: .openPGPCleartext)
                #expect((outcomes == [.accepted]) == change.isTaken, "\(change): \(outcomes)")
            }
        }
    }
}
