import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("OpenPGP packet by packet")
struct OpenPGPStructureTests {
    @Test(
        "ECDSA goes with a digest no shorter than the curve",
        arguments: [KeyType.p256, .p384, .p521])
    func ecdsa(type: KeyType) throws {
        let maker = OpenPGPMaker(signer: try Signer(type), algorithm: 19)
        let key = openPGPText(try maker.key())
        for (hash, size) in [(UInt8(8), 32), (9, 48), (10, 64)] {
            let outcome = try #require(openPGPOutcomes(maker.file(hash: hash), key: key).first)
            if size >= min(type.coordinateSize ?? 0, 64) {
                #expect(outcome == .accepted)
            } else {
                #expect(outcome.name == "notAcceptable")
                #expect(outcome.reason.contains("is too short for a key of \(type.rawValue)"))
            }
        }
        let other = try openPGPOutcomes(maker.file(over: [1]), key: key)
        #expect(other.map(\.name) == ["invalid"])
    }

    @Test("Both spellings of Ed25519 count", arguments: [UInt8(22), 27], [UInt8(8), 10])
    func ed25519(algorithm: UInt8, hash: UInt8) throws {
        let maker = try OpenPGPMaker(algorithm: algorithm)
        let key = openPGPText(try maker.key())
        #expect(try openPGPOutcomes(try maker.file(hash: hash), key: key) == [.accepted])
        let bare = try maker.file(unhashed: [])
        #expect(try openPGPOutcomes(bare, key: key) == [.accepted])
    }

    @Test("Old and new headers are read, and packets in parts or without a length refused")
    func headers() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let body = try maker.signature(over: seal.bytes)
        let count = UInt8(body.count)
        let headers: [[UInt8]] = [
            [0x88, count], [0x89, 0, count], [0x8A, 0, 0, 0, count], [0xC2, count],
            [0xC2, 255, 0, 0, 0, count],
        ]
        for header in headers {
            #expect(try openPGPOutcomes(header + body, key: key) == [.accepted], "\(header)")
        }
        let wrong: [([UInt8], OpenPGPError)] = [
            ([0x8B], .streamedPacket), ([0xC2, 0xE6], .streamedPacket),
            ([0x08, count], .notAPacket), ([0x88, count + 1], .truncated),
            ([0xB4, count], .unexpectedPacket(13)), ([0xC2, 0xC0, count], .truncated),
        ]
        for (header, error) in wrong {
            #expect(
                try openPGPOutcomes(header + body, key: key) == [.malformed(.openPGP(error))],
                "\(header)")
        }
    }

    @Test("What is not read as version 4 or says what nothing covers is refused by name")
    func statements() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let issuer = try OpenPGPMaker.subpacket(16, maker.fingerprint.suffix(8))
        let other = OpenPGPMaker.subpacket(16, [1, 2, 3, 4, 5, 6, 7, 8])
        let files: [([UInt8], OpenPGPError)] = [
            (try maker.file(version: 3), .version(3)), (try maker.file(version: 6), .version(6)),
            (try maker.file(0x01), .signatureType(1)), (try maker.file(0x10), .signatureType(16)),
            (try maker.file(hash: 1), .hashAlgorithm(1)),
            (try maker.file(hashed: OpenPGPMaker.subpacket(0x80 | 99, [])), .criticalSubpacket(99)),
            (
                try maker.file(unhashed: issuer + OpenPGPMaker.subpacket(20, [0])),
                .subpackets("unsigned ones beside the issuer")
            ),
            (
                try maker.file(unhashed: issuer + other),
                .contradiction
            ),
            (
                try maker.file(hashed: OpenPGPMaker.subpacket(2, [0, 0, 0, 1])),
                .repetition
            ),
        ]
        for (file, error) in files {
            let outcome = try openPGPOutcomes(file, key: key).first
            let isMalformed = outcome == .malformed(.openPGP(error))
            #expect(isMalformed || outcome?.described == "notAcceptable: \(error)", "\(error)")
            #expect(isMalformed == [.contradiction, .repetition].contains(error))
            // Beside one that counts it does not.
            let both = try openPGPOutcomes(maker.file() + file, key: key)
            #expect(both.filter { $0 == .accepted }.count <= 1, "\(error)")
        }
    }

    @Test("A signature that is not acceptable does not hinder a good one beside it")
    func refusedBeside() throws {
        let (maker, stranger) = (try OpenPGPMaker(), try OpenPGPMaker())
        let key = openPGPText(try maker.key())
        let good = try maker.file()
        #expect(
            try openPGPOutcomes(good + maker.file(0x01), key: key).map(\.name)
                == ["accepted", "notAcceptable"])
        #expect(
            try openPGPOutcomes(good + stranger.file(0x01), key: key).map(\.name)
                == ["accepted", "notAcceptable"])
    }

    @Test("A subkey counts only if bound to sign, and if it has signed that back")
    func subkeys() throws {
        let (primary, subkey) = (try OpenPGPMaker(), try OpenPGPMaker(algorithm: 27))
        let file = try subkey.file()
        func outcome(_ binding: [UInt8]) throws -> [String] {
            try openPGPOutcomes(file, key: openPGPText(try primary.key() + binding))
                .map(\.described)
        }
        #expect(try outcome(primary.binding(subkey)) == ["accepted: verifies"])
        let unsigned =
            "its key may not sign: "
            + "the subkey has not signed back that it belongs to its primary key"
        #expect(
            try outcome(primary.binding(subkey, signedBack: false)) == [
                "notAcceptable: \(unsigned)"
            ])
        #expect(
            try outcome(primary.binding(subkey, backType: 0x18)) == ["notAcceptable: \(unsigned)"])
        #expect(
            try outcome(primary.binding(subkey, backSubject: subkey.hashedKey))
                == ["notAcceptable: \(unsigned)"])
        let flags = "its key may not sign: the key's flags do not let it sign"
        #expect(try outcome(primary.binding(subkey, flags: 0x0C)) == ["notAcceptable: \(flags)"])
        let unbound = "its key may not sign: no signature binds the subkey that is accepted"
        #expect(
            try outcome(OpenPGPMaker.packet(14, subkey.keyBody)) == ["notAcceptable: \(unbound)"])
        #expect(try outcome(OpenPGPMaker().binding(subkey)) == ["notAcceptable: \(unbound)"])
    }

    @Test("A key without a self-signature, without the flag to sign or of no use is refused")
    func keys() throws {
        let maker = try OpenPGPMaker()
        let stranger = try OpenPGPMaker()
        let signed = OpenPGPMaker.packet(
            2, try stranger.signature(0x20, over: maker.hashedKey))
        let wrong: [[UInt8]] = [
            try maker.key(signed: false), try maker.key(flags: 1), try maker.key(flags: nil),
            try maker.key() + signed, OpenPGPMaker.packet(6, maker.keyBody + [0]),
            OpenPGPMaker.packet(6, [3] + maker.keyBody.dropFirst()),
            try maker.key() + [0x00], try maker.file() + maker.key(),
            Array(try maker.key().dropLast()),
        ]
        for key in wrong {
            #expect(throws: TrustError.self) { try TrustPolicy.single(key) }
        }
        #expect(throws: Never.self) { try TrustPolicy.single(try maker.key()) }
    }

    @Test("A revocation by the owner counts, wherever it is in the key")
    func revocations() throws {
        let maker = try OpenPGPMaker()
        for (reason, name) in [
            (UInt8(1), "superseded"), (2, "keyCompromise"), (99, "keyCompromise"),
        ] {
            let key = openPGPText(try maker.key() + maker.revocation(reason: reason))
            let outcome = try #require(openPGPOutcomes(maker.file(), key: key).first)
            guard case .revoked(let text) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(text.contains("was revoked (\(name)) at 2021-01-14T"))
        }
    }

    @Test("A key that is revoked in one of its copies is revoked, wherever the others are")
    func revokedCopy() throws {
        let maker = try OpenPGPMaker()
        let (plain, revoked) = (try maker.key(), try maker.key() + maker.revocation(reason: 2))
        for ring in [plain + revoked, revoked + plain] {
            let outcomes = try openPGPOutcomes(maker.file(), key: openPGPText(ring))
            #expect(outcomes.map(\.name) == ["revoked"])
        }
        let entries = [("one", plain), ("two", revoked)].map { id, key -> JSON in
            [
                "id": JSON(id), "operator": "acme", "format": "openpgp",
                "key": .string(openPGPText(key)),
            ]
        }
        for keys in [entries, entries.reversed()] {
            let policy = try policy(keys, roles: ["release": rule(["one", "two"])])
            let results = try verify(policy).verify(maker.file(), as: .openPGP, over: seal)
            #expect(results.map(\.outcome.name) == ["revoked"])
        }
        // The same key as a plain one of the policy is no less revoked.
        let own = maker.signer.entry("plain", operator: "acme")
        let policy = try policy([own, entries[1]], roles: ["release": rule(["plain"])])
        let envelope = try maker.signer.envelope().encoded
        #expect(
            try verify(policy).verify(envelope, as: .dsse, over: seal).map(\.outcome.name)
                == ["revoked"])
    }

    @Test("What is wrong stays wrong, whatever else is not acceptable of it")
    func wrongAndRefused() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let issuer = try OpenPGPMaker.subpacket(16, maker.fingerprint.suffix(8))
        let more = issuer + OpenPGPMaker.subpacket(20, [0])
        let good = try maker.file(unhashed: more)
        #expect(try openPGPOutcomes(good, key: key).map(\.name) == ["notAcceptable"])
        var bad = good
        bad[bad.count - 1] ^= 1
        #expect(try openPGPOutcomes(bad, key: key).map(\.name) == ["invalid"])
        let critical = OpenPGPMaker.subpacket(0x80 | 99, [])
        let other = try maker.file(over: [1], hashed: critical)
        #expect(try openPGPOutcomes(other, key: key).map(\.name) == ["invalid"])
    }

    @Test("The text form has one grammar, and its checksum must fit where it is there")
    func armour() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let base64 = Base64.string(try maker.file())
        func file(
            _ header: String = "", _ body: String? = nil, sum: String = "", end: String = "\n"
        ) -> [UInt8] {
            Array(
                ("-----BEGIN PGP SIGNATURE-----\n\(header)\n\(body ?? lines(base64))\n\(sum)"
                    + "-----END PGP SIGNATURE-----\(end)").utf8)
        }
        for good in [
            file(), file("Version: 1\nComment: x\n"), file("Comment: \n"), file(end: ""),
            file(end: "\n\n"), file(end: " \n\t\n"),
        ] {
            #expect(try openPGPOutcomes(good, key: key) == [.accepted])
        }
        let bad = [
            file("Trusted\n"), file("Comment: \u{1B}[1m\n"), file(" \n"), file(sum: "=AAAA\n"),
            file(sum: "=AAA\n"), file(end: "\nmore\n"), [0x0A] + file(),
            file("", base64), file("", lines(base64) + "\n"),
        ]
        for (index, bad) in bad.enumerated() {
            #expect(
                try openPGPOutcomes(bad, key: key).allSatisfy {
                    if case .malformed(.openPGP) = $0 { true } else { false }
                }, "\(index)")
        }
    }

    private func lines(_ text: String) -> String {
        stride(from: 0, to: text.utf8.count, by: 64).map {
            String(text.dropFirst($0).prefix(64))
        }.joined(separator: "\n")
    }
}

extension OpenPGPError {
    /// Two issuers.
    fileprivate static let contradiction = subpackets("they name different issuers")
    /// Two creation times.
    fileprivate static let repetition = subpackets("type 2 appears 2 times")
}
