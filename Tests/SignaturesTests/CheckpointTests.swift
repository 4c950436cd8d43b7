import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import Testing

@Suite("Signatures of a checkpoint")
struct CheckpointTests {
    private let origin = Array("closeout/v1/0011".utf8)
    private var text: [UInt8] { origin + Array("\n7\nAAAA\n".utf8) }

    private func note(_ signer: Signer, name: [UInt8]? = nil) throws -> SignedNote {
        try SignedNote.signing(text, as: name ?? origin, with: signer.key())
    }

    private func cosigned(
        _ note: SignedNote, by witness: Signer, as name: String, at instant: String
    ) throws -> SignedNote {
        var note = note
        try note.append(
            note.cosignature(as: Array(name.utf8), at: at(instant), with: witness.key()))
        return note
    }

    private func checked(
        _ note: SignedNote, _ policy: TrustPolicy?, asOf: String = "2026-06-01T00:00:00Z"
    ) throws -> CheckpointResult {
        try verify(policy, asOf: asOf).verify(checkpoint: note, origin: origin)
    }

    @Test(
        "A key of the role log signs the checkpoint under its origin",
        arguments: [KeyType.ed25519, .p256])
    func log(type: KeyType) throws {
        let signer = try Signer(type)
        let policy = try policy([signer.entry("l")], roles: ["log": rule(["l"])])
        let result = try checked(note(signer), policy)
        #expect(result.signatures.map(\.outcome) == [.accepted])
        #expect(result.log?.isMet == true)
        #expect(result.witnesses == nil)
    }

    @Test(
        "A log's verifier key signs under its own name, or under the origin",
        arguments: [KeyType.ed25519, .p256])
    func verifierKey(type: KeyType) throws {
        let signer = try Signer(type)
        let name = Array("log.example/2026".utf8)
        let vkey = try NoteVerifier(name: name, key: signer.publicKey).vkey
        let entry: JSON = [
            "id": "l", "operator": "l", "format": "note", "key": .string(vkey),
        ]
        let policy = try policy([entry], roles: ["log": rule(["l"])])
        for signed in [name, origin] {
            let result = try checked(note(signer, name: signed), policy)
            #expect(result.signatures.map(\.outcome) == [.accepted])
            #expect(result.log?.isMet == true)
        }
        let other = try checked(note(signer, name: Array("closeout/v1/other".utf8)), policy)
        #expect(other.signatures.map(\.outcome) == [.unknownKey])
        #expect(other.log?.isMet == false)
    }

    @Test("Without the role log a key of release signs, and without that one of archive")
    func fallback() throws {
        let (release, archive) = try (Signer(), Signer())
        let keys = [release.entry("r"), archive.entry("a")]
        let both = try policy(
            keys, roles: ["release": rule(["r"], threshold: 2), "archive": rule(["a"])])
        #expect(try checked(note(release), both).log?.isMet == true)
        #expect(try checked(note(archive), both).log?.isMet == false)
        let archiveAlone = try policy(keys, roles: ["archive": rule(["a"])])
        #expect(try checked(note(archive), archiveAlone).log?.isMet == true)
    }

    @Test("With the role log a key of release does not count, and its signature is shown")
    func notTheLog() throws {
        let (release, log) = try (Signer(), Signer())
        let policy = try policy(
            [release.entry("r"), log.entry("l")],
            roles: ["release": rule(["r"]), "log": rule(["l"])])
        let result = try checked(note(release), policy)
        #expect(result.signatures.map(\.outcome) == [.accepted])
        #expect(result.signatures.map(\.roles) == [[]])
        #expect(result.log?.isMet == false)
    }

    @Test("A signature under another name, or by a stranger, is by nobody known")
    func unknown() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("l")], roles: ["log": rule(["l"])])
        let other = try checked(note(signer, name: Array("closeout/v1/other".utf8)), policy)
        #expect(other.signatures.map(\.outcome) == [.unknownKey])
        let stranger = try checked(note(Signer()), policy)
        #expect(stranger.signatures.map(\.outcome) == [.unknownKey])
        #expect(stranger.log?.isMet == false)
    }

    @Test("A line of a known key over another text fails")
    func otherText() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("l")], roles: ["log": rule(["l"])])
        let genuine = try note(signer)
        let forged = try SignedNote(
            text: origin + Array("\n8\nAAAA\n".utf8), signatures: genuine.signatures)
        #expect(try checked(forged, policy).signatures.map(\.effect) == [.fails])
    }

    @Test("A log key outside of its window is not known to have signed in time")
    func logWindow() throws {
        let signer = try Signer()
        let entry = signer.entry("l", [member("not_after", "2026-01-01T00:00:00Z")])
        let policy = try policy([entry], roles: ["log": rule(["l"])])
        let result = try checked(note(signer), policy)
        #expect(result.signatures.map(\.effect) == [.ignored])
        #expect(result.log?.isMet == false)
    }

    // MARK: Witnesses

    private func witnessed(
        _ members: [JSONMember] = [], at instant: String = "2026-03-01T00:00:00Z",
        asOf: String = "2026-06-01T00:00:00Z"
    ) throws -> CheckpointResult {
        let (log, witness) = try (Signer(), Signer())
        let policy = try policy(
            [log.entry("l"), witness.witnessEntry("w", operator: "watch", members)],
            roles: ["log": rule(["l"]), "witness": rule(["w"])])
        let note = try cosigned(note(log), by: witness, as: "w", at: instant)
        return try checked(note, policy, asOf: asOf)
    }

    @Test("A witness of the policy proves the time that it signed")
    func witness() throws {
        let result = try witnessed()
        #expect(result.signatures.map(\.outcome) == [.accepted, .accepted])
        #expect(result.witnesses?.isMet == true)
        #expect(
            try result.proofs == [
                TimeProof(
                    instant: at("2026-03-01T00:00:00Z"), source: .witness(keyID: "w"),
                    operator: "watch")
            ])
    }

    @Test("A witness proves nothing outside of its window, after its revocation or in the future")
    func unusableWitness() throws {
        #expect(try witnessed([member("not_after", "2026-02-01T00:00:00Z")]).proofs.isEmpty)
        #expect(try witnessed([member("not_before", "2026-04-01T00:00:00Z")]).proofs.isEmpty)
        #expect(try witnessed([revoked("2026-03-01T00:00:00Z", "ceased")]).proofs.isEmpty)
        #expect(try witnessed([revoked("2026-03-01T00:00:01Z", "ceased")]).proofs.count == 1)
        #expect(try witnessed(asOf: "2026-02-01T00:00:00Z").proofs.isEmpty)
    }

    @Test("A compromised witness proves nothing, whatever time it wrote")
    func compromisedWitness() throws {
        let result = try witnessed([revoked("2026-05-01T00:00:00Z", "compromised")])
        #expect(result.proofs.isEmpty)
        #expect(result.witnesses?.isMissedByRefusal == true)
    }

    @Test("A cosignature whose time was changed fails")
    func forgedTime() throws {
        let (log, witness) = try (Signer(), Signer())
        let policy = try policy(
            [log.entry("l"), witness.witnessEntry("w")],
            roles: ["log": rule(["l"]), "witness": rule(["w"])])
        let genuine = try cosigned(
            note(log), by: witness, as: "w", at: "2026-03-01T00:00:00Z")
        let line = genuine.signatures[1]
        let forged = try NoteSignature(
            name: line.name, keyID: line.keyID,
            bytes: Array(line.bytes.prefix(7)) + [line.bytes[7] ^ 1] + line.bytes.dropFirst(8))
        let note = try SignedNote(text: text, signatures: [genuine.signatures[0], forged])
        let result = try checked(note, policy)
        #expect(result.signatures.map(\.effect) == [.counts, .fails])
        #expect(result.proofs.isEmpty)
    }

    @Test("A signature counts years after its key's end by a witness's proof, and else does not")
    func provenYearsLater() throws {
        let (signer, witness) = try (Signer(), Signer())
        let policy = try policy(
            [
                signer.entry("k", operator: "acme", [member("not_after", "2027-01-01T00:00:00Z")]),
                witness.witnessEntry("w", operator: "watch"),
            ], roles: ["release": rule(["k"]), "witness": rule(["w"])])
        let verifier = try verify(policy, asOf: "2029-06-01T00:00:00Z")
        let note = try cosigned(
            note(signer), by: witness, as: "w", at: "2026-03-01T00:00:00Z")
        let proofs = try verifier.verify(checkpoint: note, origin: origin).proofs
        let envelope = try signer.envelope().encoded
        let proven = try verifier.verify(envelope, as: .dsse, over: seal, proofs: proofs)
        #expect(proven.map(\.outcome) == [.accepted])
        #expect(proven.first?.timeProof == proofs.first)
        let unproven = try verifier.verify(envelope, as: .dsse, over: seal)
        #expect(unproven.map(\.effect) == [.ignored])
    }

    @Test("A signed note over a file counts by the note key of a policy")
    func noteOverFile() throws {
        let signer = try Signer()
        let file = Array("example.com/log\n3\nAAAA\n".utf8)
        let verifier = try NoteVerifier(name: Array("example.com/log".utf8), key: signer.publicKey)
        let note = try SignedNote.signing(
            file, as: verifier.name, with: signer.key()
        ).encoded
        let policy = try TrustPolicy.single(verifier.vkey)
        #expect(policy.roles.keys.map(\.self) == [.log])
        let policyVerifier = try verify(policy)
        #expect(SignatureFormat.recognise(note) == .format(.note))
        #expect(
            try policyVerifier.verify(note, as: .note, over: .file(file)).map(\.outcome) == [
                .accepted
            ])
        let other = try policyVerifier.verify(note, as: .note, over: .file(Array("x\n".utf8)))
        #expect(other.map(\.effect) == [.fails])
    }
}
