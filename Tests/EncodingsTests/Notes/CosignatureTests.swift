import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite struct CosignatureTests {
    private let name = Array("witness.example.com/w1".utf8)

    @Test("signs exactly the header, the time line and the text, and carries the time in front")
    func message() throws {
        let key = try PrivateKey.generate(.ed25519)
        let text = try SignedNote(parsing: Array(NoteVectors.c2spCosigned.utf8)).text
        let time = try #require(Instant(secondsSince1970: 1_679_315_147))
        let signature = try SignedNote(text: text).cosignature(as: name, at: time, with: key)
        #expect(signature.bytes.count == 72)
        #expect(signature.bytes.starts(with: [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB]))
        let message = """
            cosignature/v1
            time 1679315147
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            """
        let isAccepted = try key.publicKey.accepts(
            Array(signature.bytes.dropFirst(8)), over: Array(message.utf8), algorithm: .ed25519)
        #expect(isAccepted)
    }

    @Test("the time is covered by the signature, and the earliest of several counts")
    func time() throws {
        let key = try PrivateKey.generate(.ed25519)
        let verifier = try NoteVerifier(name: name, key: key.publicKey, kind: .cosignatureV1)
        let note = try SignedNote(text: Array("text\n".utf8))
        let times = [1_700_000_000, 1_600_000_000, 1_800_000_000].compactMap {
            Instant(secondsSince1970: $0)
        }
        let signatures = try times.map { time in
            try note.cosignature(as: name, at: time, with: key)
        }
        let cosigned = try SignedNote(text: note.text, signatures: signatures)
        #expect(try verifier.check(cosigned) == .valid(time: times[1]))
        var moved = signatures[0].bytes
        moved[7] ^= 1
        let damaged = try NoteSignature(name: name, keyID: verifier.keyID, bytes: moved)
        #expect(try verifier.check(SignedNote(text: note.text, signatures: [damaged])) == .invalid)
    }

    @Test("refuses times beyond the year 9999 and lengths other than 72 bytes")
    func malformed() throws {
        let key = try PrivateKey.generate(.ed25519)
        let verifier = try NoteVerifier(name: name, key: key.publicKey, kind: .cosignatureV1)
        let text = Array("text\n".utf8)
        for seconds in [UInt64.max, 1 << 63, 253_402_300_800] {
            let message = Array("cosignature/v1\ntime \(seconds)\n".utf8) + text
            let time = stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: seconds >> $0)
            }
            let bytes = time + (try key.sign(message, algorithm: .ed25519))
            for bytes in [bytes, Array(bytes.dropFirst(8)), bytes + [0]] {
                let signature = try NoteSignature(
                    name: name, keyID: verifier.keyID, bytes: bytes)
                let note = try SignedNote(text: text, signatures: [signature])
                #expect(try verifier.check(note) == .invalid)
            }
        }
    }
}
