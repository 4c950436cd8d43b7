import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("OpenPGP key files that mean harm")
struct OpenPGPHostileKeyTests {
    private typealias Maker = OpenPGPMaker

    @Test("Armour inside a binary key file is part of a user id, and not the file's key")
    func armourInUserID() throws {
        let (owner, other) = (try Maker(), try Maker())
        let name = Array("x\n".utf8) + openPGPText(try other.key())
        let file = try owner.key() + Maker.packet(13, name)
        let key = openPGPText(file)
        #expect(try openPGPOutcomes(try owner.file(), key: key) == [.accepted])
        #expect(try openPGPOutcomes(try other.file(), key: key) == [.unknownKey])
    }

    @Test("A revocation of a subkey counts wherever it is in the key", arguments: 0..<4)
    func misplacedRevocation(place: Int) throws {
        let (owner, subkey, other) = (try Maker(), try Maker(), try Maker())
        let revocation = Maker.packet(
            2,
            try owner.signature(
                0x28, over: owner.hashedKey + subkey.hashedKey, hashed: Maker.subpacket(29, [0])))
        var parts = [try owner.key(), try owner.binding(subkey), try owner.binding(other)]
        let sound = openPGPText(parts.flatMap(\.self))
        #expect(try openPGPOutcomes(try subkey.file(), key: sound) == [.accepted])
        if place == 0 {
            parts[0].insert(contentsOf: revocation, at: Maker.packet(6, owner.keyBody).count)
        } else {
            parts.insert(revocation, at: place)
        }
        let outcomes = try openPGPOutcomes(
            try subkey.file(), key: openPGPText(parts.flatMap(\.self)))
        #expect(outcomes != [.accepted])
        #expect(outcomes.allSatisfy { "\($0)".contains("revoked") }, "\(outcomes)")
    }

    @Test("A long photograph stays where its owner's SHA-1 statement narrows the key")
    func narrowingPhotograph() throws {
        let maker = try Maker()
        let name = Array("test".utf8)
        let photograph = [UInt8](repeating: 0, count: 300 << 10)
        func certified(_ subject: [UInt8], _ mark: UInt8, flags: UInt8) throws -> [UInt8] {
            let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: subject.count >> $0) }
            return Maker.packet(
                2,
                try maker.signature(
                    0x13, over: maker.hashedKey + [mark] + length + subject, hash: 2,
                    hashed: Maker.subpacket(27, [flags])))
        }
        let start =
            try Maker.packet(6, maker.keyBody) + Maker.packet(13, name)
            + certified(name, 0xB4, flags: 3) + Maker.packet(17, photograph)
        let same = try start + certified(photograph, 0xD1, flags: 3)
        let narrower = try start + certified(photograph, 0xD1, flags: 1)
        #expect(try KeyEntry(id: "k", operator: "k", inlining: same).inlineText.count < 4096)
        #expect(throws: TrustError.keyTooLong(limit: 256 * 1024)) {
            try KeyEntry(id: "k", operator: "k", inlining: narrower)
        }
    }

    @Test("Copies of a key are one, and signatures follow what they are about")
    func copies() throws {
        let (owner, subkey) = (try Maker(), try Maker())
        let first = try owner.key()
        let second = try Maker.packet(6, owner.keyBody) + owner.binding(subkey)
        let third = try Maker.packet(6, owner.keyBody) + owner.revocation(reason: 1)
        let key = openPGPText(first + second + first)
        #expect(try openPGPOutcomes(try owner.file(), key: key) == [.accepted])
        #expect(try openPGPOutcomes(try subkey.file(), key: key) == [.accepted])
        let revoked = openPGPText(second + third + first)
        #expect(try openPGPOutcomes(try owner.file(), key: revoked) != [.accepted])
        #expect(try openPGPOutcomes(try subkey.file(), key: revoked) != [.accepted])
    }

    @Test("A key file that asks for more work than any real one is refused in words")
    func tooMuch() throws {
        let maker = try Maker()
        let key = Maker.packet(6, maker.keyBody)
        let tiny = (0...80_000).flatMap { Maker.packet(13, [UInt8($0 >> 9)]) }
        let hints = try [0, 10] + Maker.subpacket(16, maker.fingerprint.suffix(8))
        func signatures(_ count: Int) -> [UInt8] {
            (0..<count).flatMap { number in
                let time = Maker.subpacket(2, [0, 0, UInt8(number >> 8), UInt8(number & 0xFF)])
                return Maker.packet(
                    2, [4, 0x13, 22, 8, 0, 6] + time + hints + [0, 0] + [0, 1, 1, 0, 1, 1])
            }
        }
        let photograph = Maker.packet(17, [UInt8](repeating: 0, count: 256 << 10))
        let hostile: [([UInt8], String)] = [
            (tiny, "more than 80000 OpenPGP packets"),
            (signatures(10_001), "more signatures by their owners than are checked"),
            (photograph + signatures(257), "more signatures by their owners than are checked"),
        ]
        for (parts, words) in hostile {
            let text = [
                "-----BEGIN PGP PUBLIC KEY BLOCK-----", "",
                String(decoding: Base64.encode(key + parts), as: UTF8.self),
                "-----END PGP PUBLIC KEY BLOCK-----", "",
            ].joined(separator: "\n")
            let error = #expect(throws: (any Error).self) {
                try openPGPOutcomes([], key: Array(text.utf8))
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains(words))
        }
    }
}
