extension SignatureFormat {
    /// Detached OpenPGP signatures of version 4, armoured or binary.
    package static let openPGP = SignatureFormat(
        name: "openpgp", fileExtension: "pgp", mediaType: "application/pgp-signature",
        recognition: .byContent(looksLikeOpenPGP),
        read: { file throws(SignatureError) in
            do throws(OpenPGPError) {
                return try OpenPGPFileSignature.all(in: binary(file), type: 0x00).map { .keyed($0) }
            } catch { throw .openPGP(error) }
        })

    /// A text with its signatures below it, as `gpg --clear-sign` writes it.
    package static let openPGPCleartext = SignatureFormat(
        name: "openpgp-cleartext", fileExtension: "pgp.txt",
        mediaType: "application/vnd.closeout.signature.openpgp-cleartext",
        recognition: .byContent { OpenPGPArmour.label(of: $0) == .signedMessage },
        read: { file throws(SignatureError) in
            do throws(OpenPGPError) {
                let document = try OpenPGPCleartextDocument(parsing: file)
                return try document.signatures().map { .keyed($0) }
            } catch { throw .openPGP(error) }
        })

    private static func binary(_ file: [UInt8]) throws(OpenPGPError) -> [UInt8] {
        switch OpenPGPArmour.label(of: file) {
        case .signature: return try OpenPGPArmour.decode(file, as: .signature)
        case .message: throw .inlineMessage
        case .signedMessage: throw .cleartextMessage
        case .publicKey: throw .unexpectedPacket(OpenPGPPacket.Tag.publicKey)
        case .privateKey: throw .secretKey
        case nil: return file
        }
    }

    /// Whether a file is a signature, or a signed message that is then refused by name.
    private static func looksLikeOpenPGP(_ file: [UInt8]) -> Bool {
        switch OpenPGPArmour.label(of: file) {
        case .signature, .message: return true
        case .publicKey, .privateKey, .signedMessage: return false
        case nil:
            let packets = try? OpenPGPPacket.all(in: file)
            return packets?.allSatisfy(isSignature) ?? false && !file.isEmpty
                || beginsAsMessage(file)
        }
    }

    /// Whether a packet begins as a signature of some version does (RFC 9580, 5.2), which the bytes of a
    /// bare signature do not by chance.
    private static func isSignature(_ packet: OpenPGPPacket) -> Bool {
        guard packet.tag == OpenPGPPacket.Tag.signature, packet.body.count > 9 else { return false }
        let fields = packet.body
        switch fields[0] {
        case 2, 3: return fields[1] == 5
        case 4, 5, 6: return (1...28).contains(fields[2]) && (1...14).contains(fields[3])
        default: return false
        }
    }

    /// How signed messages begin: with a one-pass signature, or compressed without a length.
    private static func beginsAsMessage(_ file: [UInt8]) -> Bool {
        let start = Array(file.prefix(6))
        if start.starts(with: [0x90, 0x0D, 0x03]) || start.starts(with: [0xC4, 0x0D, 0x03]) {
            return start.count == 6 && start[3] <= 1 && (1...14).contains(start[4])
                && (1...28).contains(start[5])
        }
        let method = file.dropFirst().first ?? 0
        // A bare signature may begin with any bytes; one of RSA has whole words.
        let couldBeBare =
            SignatureLength.isPlausible(file)
            && (file.count.isMultiple(of: 32) || file.count > 1024)
        return file.first == 0xA3 && (1...3).contains(method) && !couldBeBare
    }
}
