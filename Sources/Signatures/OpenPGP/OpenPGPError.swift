package import CloseoutOpenSSL

/// Why bytes are not the OpenPGP that is read here.
///
/// Implements "OpenPGP" of docs/signatures.md.
package enum OpenPGPError: Error, Equatable, Sendable {
    /// A packet, subpacket or number ends after the bytes do, or before its content is whole.
    case truncated
    /// A packet does not begin with the bit that every packet begins with.
    case notAPacket
    /// A packet comes in parts or without a length, which only streams need.
    case streamedPacket
    /// There are more packets than are read.
    case tooManyPackets
    /// A packet of this type has no place here.
    case unexpectedPacket(UInt8)
    /// The content itself is inside, where a detached signature belongs.
    case inlineMessage
    /// A document with its signature below it, in place of a detached signature.
    case cleartextMessage
    /// The armour is not of its grammar, for the reason given.
    case armour(String)
    /// The armour's checksum is that of other bytes.
    case checksum
    /// A signature or key is of a version other than 4.
    case version(UInt8)
    /// A signature states a type that is not accepted in its place.
    case signatureType(UInt8)
    /// An algorithm of signatures or keys that is not accepted.
    case keyAlgorithm(UInt8)
    /// A hash algorithm that is not accepted.
    case hashAlgorithm(UInt8)
    /// A hash algorithm that is shorter than ECDSA on the curve of the key has to have.
    case shortHash(UInt8, KeyType)
    /// A subpacket that demands to be understood, and is not.
    case criticalSubpacket(UInt8)
    /// The subpackets contradict each other or the rules, as described.
    case subpackets(String)
    /// A number is not written in its one form.
    case number
    /// A cleartext document is not of its grammar, for the reason given.
    case cleartext(String)
    /// A secret key, in place of public keys.
    case secretKey
    /// A public key cannot be used, for the reason given.
    case key(String)
    /// The owner of a key has bound it by signatures with SHA-1 only.
    case boundBySHA1
    /// libcrypto could not look.
    case openSSL(OpenSSLError)
}

extension OpenPGPError: CustomStringConvertible {
    /// What is wrong, on one line.
    package var description: String {
        switch self {
        case .truncated: "the OpenPGP data is cut off or its lengths disagree"
        case .notAPacket: "bytes that are no OpenPGP packet"
        case .streamedPacket: "a packet of partial or indeterminate length"
        case .tooManyPackets: "more than \(OpenPGPPacket.mostInFile) OpenPGP packets"
        case .unexpectedPacket(let tag): "an OpenPGP packet of type \(tag) has no place here"
        case .inlineMessage: "a signed message, where a detached signature belongs"
        case .cleartextMessage: "a cleartext signed document, where a detached signature belongs"
        case .armour(let reason): "OpenPGP armour: \(reason)"
        case .checksum: "the checksum of the OpenPGP armour does not fit its content"
        case .version(let version): "version \(version) of OpenPGP is not accepted, only version 4"
        case .signatureType(let type): Self.typeDescription(type)
        case .keyAlgorithm(let id):
            "OpenPGP algorithm \(Self.name(ofKeyAlgorithm: id)) is not accepted"
        case .hashAlgorithm(let id): "hash algorithm \(Self.name(ofHash: id)) is not accepted"
        case .shortHash(let id, let type):
            "hash algorithm \(Self.name(ofHash: id)) is too short for a key of \(type.rawValue)"
        case .criticalSubpacket(let type): "a critical subpacket of type \(type) is not understood"
        case .subpackets(let reason): "OpenPGP subpackets: \(reason)"
        case .number: "an OpenPGP number that is not in its one form"
        case .cleartext(let reason): "cleartext signed document: \(reason)"
        case .secretKey: "a secret key, where public keys belong"
        case .key(let reason): reason
        case .boundBySHA1:
            "its owner has bound it by signatures with SHA-1 alone, and hash algorithm SHA-1 is not "
                + "accepted"
        case .openSSL(let error): error.description
        }
    }

    private static func typeDescription(_ type: UInt8) -> String {
        switch type {
        case 0x00: "a signature over bytes (type 0x00) has no place here"
        case 0x01: "a signature in text mode (type 0x01) is not accepted, only type 0x00"
        default: "an OpenPGP signature of type \(type) has no place here"
        }
    }

    private static func name(ofHash id: UInt8) -> String {
        switch id {
        case 1: "MD5"
        case 2: "SHA-1"
        case 3: "RIPEMD-160"
        case 8: "SHA-256"
        case 9: "SHA-384"
        case 11: "SHA-224"
        case 12: "SHA3-256"
        case 14: "SHA3-512"
        default: "\(id)"
        }
    }

    private static func name(ofKeyAlgorithm id: UInt8) -> String {
        switch id {
        case 2: "RSA for encryption"
        case 16: "Elgamal"
        case 17: "DSA"
        case 18: "ECDH"
        case 25: "X25519"
        case 26: "X448"
        case 28: "Ed448"
        default: "\(id)"
        }
    }
}

extension OpenPGPError {
    /// Whether it is sound OpenPGP that uses something that is not accepted here.
    var isUnsupported: Bool {
        switch self {
        case .version, .signatureType, .keyAlgorithm, .hashAlgorithm, .shortHash,
            .criticalSubpacket:
            true
        case .truncated, .notAPacket, .streamedPacket, .tooManyPackets, .unexpectedPacket,
            .inlineMessage,
            .cleartextMessage, .armour, .checksum, .number, .cleartext,
            .subpackets, .key, .boundBySHA1, .secretKey, .openSSL:
            false
        }
    }
}
