import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("OpenPGP cleartext documents")
struct OpenPGPCleartextTests {
    private static let text = "Origin: x\n-dash\n\n - list\nFrom here\nend"

    @Test(
        "A document by gpg counts for exactly its text, as gpgv says",
        .requires("gpg"), .requires("gpgv"), .requires("gpgconf"), arguments: [text, text + "\n"])
    func accepted(text: String) async throws {
        try await withOpenPGP { tool in
            try await tool.takeRSAKey()
            let key = try await tool.publicKeys(of: "a@example.org")
            let document = try await tool.gpg(
                ["--digest-algo", "SHA256", "--clear-sign"], stdin: Array(text.utf8))
            try writeFile(document, to: tool.home + "/d")
            try writeFile(try await tool.gpg(["--export"]), to: tool.home + "/ring.gpg")
            let oracle = try await run(
                "gpgv",
                ["--homedir", tool.home, "--keyring", tool.home + "/ring.gpg", tool.home + "/d"])
            #expect(oracle.status == 0)
            #expect(SignatureFormat.recognise(document) == .format(.openPGPCleartext))
            func outcomes(_ content: String) throws -> [SignatureResult.Outcome] {
                try openPGPOutcomes(
                    document, key: key, over: .file(Array(content.utf8)), as: .openPGPCleartext)
            }
            #expect(try outcomes(text) == [.accepted])
            let other = "the document's text is not the content in question"
            for content in ["", text + "\n\n", text + " ", "x" + text, "\n" + text] {
                #expect(try outcomes(content) == [.otherContent(other)])
            }
        }
    }

    @Test("Only the exact grammar is read; whatever no signature covers is refused")
    func grammar() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let armour = String(
            decoding: signatureArmour(try maker.file(over: Array("a\r\n-b".utf8), 0x01)),
            as: UTF8.self)
        let begin = "-----BEGIN PGP SIGNED MESSAGE-----\n"
        let plain = SignedContent.file(Array("a\n-b\n".utf8))
        func outcomes(_ document: String) throws -> [SignatureResult.Outcome] {
            try openPGPOutcomes(
                Array(document.utf8), key: key, over: plain, as: .openPGPCleartext)
        }
        let body = "a\n- -b\n"
        let good = begin + "Hash: SHA512\n\n" + body + armour
        #expect(try outcomes(good) == [.accepted])
        for head in ["Hash: SHA256,SHA512\n\n", "Hash: SHA256\nHash: SHA512\n\n"] {
            #expect(try outcomes(begin + head + body + armour) == [.accepted])
        }
        let bad = [
            begin + "\n" + body + armour, begin + "Hash: SHA512\nHash: MD4\n\n" + body + armour,
            begin + "Hash: SHA256\n\n" + body + armour,
            begin + "Hash: SHA512\nComment: x\n\n" + body + armour,
            begin + "Hash: SHA512\n \n" + body + armour,
            begin + "Hash: SHA512\n\na\n-b\n" + armour,
            begin + "Hash: SHA512\n\na\n- -b \n" + armour,
            begin + "Hash: SHA512\n\n- a\n- -b\n" + armour,
            begin + "Hash: SHA512\n\na\r\n- -b\r\n" + armour,
            begin + "Hash: SHA512\n\na\n- -b\r\r\n" + armour,
            begin + "Hash: SHA512\n\na\n- -b \r\n" + armour,
            begin + "Hash: SHA512\n\n" + body, "x\n" + good, good + "x\n", good + good,
        ]
        for (index, document) in bad.enumerated() {
            let outcomes = try outcomes(document)
            guard case .malformed(.openPGP) = outcomes.first else {
                Issue.record("document \(index): \(outcomes)")
                continue
            }
        }
        // The end of the last line may be CR LF, and a line of its own is part of the text.
        #expect(try outcomes(begin + "Hash: SHA512\n\na\n- -b\r\n" + armour) == [.accepted])
        let longer = try outcomes(begin + "Hash: SHA512\n\na\n- -b\n\r\n" + armour)
        #expect(longer.map(\.name) == ["invalid"])
        let sha1 = try outcomes(begin + "Hash: SHA1\n\n" + body + armour)
        #expect(sha1.map(\.described) == ["notAcceptable: \(OpenPGPError.hashAlgorithm(2))"])
        let bytes = signatureArmour(try maker.file(over: Array("a\r\n-b".utf8), 0x00))
        let byteMode = begin + "Hash: SHA512\n\n" + body + String(decoding: bytes, as: UTF8.self)
        #expect(
            try outcomes(byteMode).map(\.described)
                == ["notAcceptable: \(OpenPGPError.signatureType(0))"])
    }
}
