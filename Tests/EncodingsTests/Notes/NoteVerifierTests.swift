import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite struct NoteVerifierTests {
    @Test(
        "verifies published notes under the keys that were published with them",
        arguments: [
            (NoteVectors.goKey, NoteVectors.goNote), (NoteVectors.pixelKey, NoteVectors.pixelNote),
            (NoteVectors.sigsumKey, NoteVectors.sigsumNote),
        ])
    func published(key: String, note: String) throws {
        let verifier = try NoteVerifier(vkey: Array(key.utf8))
        let note = try SignedNote(parsing: Array(note.utf8))
        #expect(verifier.vkey == Array(key.utf8))
        #expect(try verifier.check(note) == .valid(time: nil))
        let changed = try SignedNote(text: Array("x".utf8) + note.text, signatures: note.signatures)
        #expect(try verifier.check(changed) == .invalid)
    }

    @Test("signs the published text to the published bytes")
    func publishedSignature() throws {
        let seed = try #require(Base64.decode(Array(NoteVectors.goSeed.utf8)))
        let prefix: [UInt8] = [0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 34, 4, 32]
        let key = try PrivateKey(parsing: prefix + seed, passphrase: nil)
        let note = try SignedNote.signing(
            Array(NoteVectors.goText.utf8), as: Array(NoteVectors.goName.utf8), with: key)
        #expect(note.encoded == Array(NoteVectors.goNote.utf8))
    }

    @Test("refuses every piece of a verifier key that is not the whole, and any damaged one")
    func damagedKeys() {
        let key = Array(NoteVectors.goKey.utf8)
        var accepted: [[UInt8]] = []
        for start in key.indices {
            for end in start...key.count where end - start < key.count {
                accepted += [Array(key[start..<end])].filter { isKey($0) }
            }
            var damaged = key
            damaged[start] &+= 1
            accepted += [damaged].filter { isKey($0) }
        }
        #expect(accepted.isEmpty)
    }

    @Test(
        "says what is wrong with a verifier key",
        arguments: [
            ("a", NoteError.malformedVerifierKey(reason: "not of the form name+keyid+key")),
            (
                "a+00000000+????",
                .malformedVerifierKey(reason: "the key is not padded standard base64")
            ),
            ("a+00000000+", .malformedVerifierKey(reason: "the key is not padded standard base64")),
            ("a+00000000+Bgo=", .malformedVerifierKey(reason: "unknown signature type 6")),
            (
                NoteVectors.goKey.replacing("c74f20a3", with: "C74F20A3"),
                .malformedVerifierKey(reason: "the key id is not that of the name and key")
            ),
            (
                NoteVectors.goKey.replacing("Peter", with: "Pe ter"),
                .malformedName(Array("Pe terNeumann".utf8))
            ),
        ])
    func malformedKeys(text: String, error: NoteError) {
        #expect(throws: error) { try NoteVerifier(vkey: Array(text.utf8)) }
    }

    @Test("a key that signs logs one way and witnesses another has two ids and never mixes them up")
    func kinds() throws {
        let key = try PrivateKey.generate(.ed25519)
        let name = Array("example.com/both".utf8)
        let log = try NoteVerifier(name: name, key: key.publicKey)
        let witness = try NoteVerifier(name: name, key: key.publicKey, kind: .cosignatureV1)
        #expect(log.kind == .ed25519 && log.keyID != witness.keyID)
        var note = try SignedNote.signing(Array("text\n".utf8), as: name, with: key)
        #expect(try log.check(note) == .valid(time: nil))
        #expect(try witness.check(note) == .absent)
        let time = try #require(Instant(secondsSince1970: 1_679_315_147))
        try note.append(note.cosignature(as: name, at: time, with: key))
        #expect(try witness.check(note) == .valid(time: time))
        #expect(try NoteVerifier(vkey: witness.vkey) == witness)
        let swapped = try NoteSignature(
            name: name, keyID: witness.keyID, bytes: note.signatures[0].bytes)
        #expect(try witness.check(SignedNote(text: note.text, signatures: [swapped])) == .invalid)
    }

    @Test("a note with a good and a bad signature of one key is invalid, in either order")
    func mixed() throws {
        let key = try PrivateKey.generate(.p256)
        let name = Array("example.com/log".utf8)
        let verifier = try NoteVerifier(name: name, key: key.publicKey)
        let note = try SignedNote.signing(Array("text\n".utf8), as: name, with: key)
        let good = note.signatures[0]
        let bad = try NoteSignature(name: name, keyID: good.keyID, bytes: [1, 2, 3])
        #expect(try verifier.check(note) == .valid(time: nil))
        for signatures in [[good, bad], [bad, good], [bad]] {
            let mixed = try SignedNote(text: note.text, signatures: signatures)
            #expect(try verifier.check(mixed) == .invalid)
        }
        #expect(
            try verifier.check(SignedNote(text: note.text, signatures: [good, good]))
                == .valid(time: nil))
    }

    @Test("signatures under another name or key id are not this key's, whatever they hold")
    func unknown() throws {
        let key = try PrivateKey.generate(.ed25519)
        let name = Array("example.com/log".utf8)
        let verifier = try NoteVerifier(name: name, key: key.publicKey)
        let note = try SignedNote.signing(Array("text\n".utf8), as: name, with: key)
        let bytes = note.signatures[0].bytes
        let other = try [
            NoteSignature(name: name + "2".utf8, keyID: verifier.keyID, bytes: bytes),
            NoteSignature(name: name, keyID: [0, 0, 0, 0], bytes: bytes),
        ]
        #expect(try verifier.check(SignedNote(text: note.text, signatures: other)) == .absent)
        let both = try SignedNote(text: note.text, signatures: other + note.signatures)
        #expect(try verifier.check(both) == .valid(time: nil))
        #expect(try verifier.check(SignedNote(text: note.text)) == .absent)
    }

    @Test("only Ed25519 and P-256 sign notes, only Ed25519 cosigns", arguments: KeyType.allCases)
    func keyTypes(type: KeyType) throws {
        guard ![.rsa, .mldsa44, .mldsa65, .mldsa87].contains(type) else { return }
        let key = try PrivateKey.generate(type)
        let name = Array("example.com/log".utf8)
        let text = Array("text\n".utf8)
        if type == .p384 {
            #expect(throws: NoteError.unsuitableKey(.p384)) {
                try SignedNote.signing(text, as: name, with: key)
            }
        }
        if type != .ed25519 {
            let time = try #require(Instant(secondsSince1970: 0))
            #expect(throws: NoteError.unsuitableKey(type)) {
                try SignedNote(text: text).cosignature(as: name, at: time, with: key)
            }
        }
    }

    private func isKey(_ text: [UInt8]) -> Bool {
        (try? NoteVerifier(vkey: text)) != nil
    }
}
