import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutInterchange
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The message of every case of every type of error: none holds a value as Swift writes it.
@Suite("Texts of errors")
struct ErrorTextTests {
    /// The cases of a type by their names, each with a value.
    private typealias Cases = [String: any Error & CustomStringConvertible]

    private static let openSSL = OpenSSLError(function: "EVP_x", queue: ["bad (detail)"])
    private static let json = JSONError(offset: 7, reason: .trailingData)
    private static let shape = JSONShapeError(place: "a", reason: .missing)
    private static let file = FileError(.read, Array("a".utf8), .changed)
    private static let path = Array("a b".utf8)

    /// The types that tests can see; those of structs have no cases.
    private static let types: [String: Cases] = [
        "FileError": ["": file],
        "JSONError": ["": json],
        "JSONShapeError": ["": shape],
        "OpenSSLError": ["": openSSL],
        "KeyFileError": ["": KeyFileError("cannot be read")],
        "ByteSourceError": [
            "tooLong": ByteSourceError.tooLong(limit: 1), "isUsedUp": ByteSourceError.isUsedUp,
        ],
        "CriteriaError": criteria,
        "ImportError": imported,
        "ReleaseError": [
            "noVersion": ReleaseError.noVersion("p"), "badName": ReleaseError.badName("/"),
            "badVersion": ReleaseError.badVersion("/"),
        ],
        "GlobError": [
            "empty": GlobError.empty, "notText": GlobError.notText, "negated": GlobError.negated,
            "dots": GlobError.dots, "unclosedSet": GlobError.unclosedSet,
            "danglingEscape": GlobError.danglingEscape, "tooLong": GlobError.tooLong,
        ],
        "SelfVerifyingError": [
            "lacks": SelfVerifyingError.lacks("seal.json"),
            "tooManyEntries": SelfVerifyingError.tooManyEntries(3, limit: 2),
            "failed": SelfVerifyingError.failed(openSSL),
        ],
        "SealError": [
            "tooLarge": SealError.tooLarge(5000), "json": SealError.json(json),
            "shape": SealError.shape(shape),
        ],
        "Reason": [
            "header": ManifestDefect.Reason.header("x"),
            "unterminated": ManifestDefect.Reason.unterminated,
            "tooManyEntries": ManifestDefect.Reason.tooManyEntries,
            "notAnEntry": ManifestDefect.Reason.notAnEntry,
            "badPath": ManifestDefect.Reason.badPath, "badMode": ManifestDefect.Reason.badMode,
            "duplicate": ManifestDefect.Reason.duplicate, "order": ManifestDefect.Reason.order,
            "noParent": ManifestDefect.Reason.noParent,
            "outsideLink": ManifestDefect.Reason.outsideLink(target: path),
            "noFiles": ManifestDefect.Reason.noFiles,
        ],
        "ManifestError": [
            "file": ManifestError.file(file),
            "refused": ManifestError.refused(Irregularity(path: path, kind: .notUTF8)),
            "outsideLink": ManifestError.outsideLink(path: path, target: path),
            "specialMode": ManifestError.specialMode(path: path, mode: 0o4755),
            "collision": ManifestError.collision(NameCollision(paths: [path, path])),
            "sameName": ManifestError.sameName(path),
            "directoryAmongFiles": ManifestError.directoryAmongFiles(path),
            "targetInsideRoot": ManifestError.targetInsideRoot(path),
            "noFiles": ManifestError.noFiles, "tooManyEntries": ManifestError.tooManyEntries,
            "openSSL": ManifestError.openSSL(openSSL),
        ],
        "OpeningFault": [
            "otherSeal": OpeningFault.otherSeal, "otherRecord": OpeningFault.otherRecord,
            "unmatched": OpeningFault.unmatched(.body), "repeated": OpeningFault.repeated,
            "libcrypto": OpeningFault.libcrypto,
        ],
        "RecordError": [
            "malformed": RecordError.malformed("x"), "unknownKind": RecordError.unknownKind("x"),
        ],
        "RequestError": [
            "unsupported": RequestError.unsupported(tool: "gpg", algorithm: .ed25519),
            "malformedReference": RequestError.malformedReference(path, expected: "x"),
        ],
        "LogLineError": [
            "tooLong": LogLineError.tooLong, "malformed": LogLineError.malformed("x"),
            "unknownKind": LogLineError.unknownKind("x"),
            "pathNotAllowed": LogLineError.pathNotAllowed(path),
        ],
        "ArchiveError": [
            "refused": ArchiveError.refused(offset: 512, reason: "is cut off"),
            "file": ArchiveError.file(file),
        ],
        "BundleError": [
            "notABundle": BundleError.notABundle(path: path, reason: "x"),
            "packed": BundleError.packed(path: path),
            "untrue": BundleError.untrue(path: path, reason: "x"),
            "notPacked": BundleError.notPacked(path: path, reason: "x"),
            "malformed": BundleError.malformed("seal.json", reason: "x"),
            "exists": BundleError.exists(path: path, reason: "x"),
            "privateKey": BundleError.privateKey(path: path),
            "wrongLink": BundleError.wrongLink("x"),
            "logInDoubt": BundleError.logInDoubt(reason: "x"),
            "limit": BundleError.limit("x"), "file": BundleError.file(file),
            "failed": BundleError.failed("x"),
        ],
        "NoteError": [
            "tooLarge": NoteError.tooLarge(limit: 1),
            "tooManySignatures": NoteError.tooManySignatures(limit: 1),
            "invalidUTF8": NoteError.invalidUTF8(offset: 1),
            "controlCharacter": NoteError.controlCharacter(offset: 1),
            "unterminatedText": NoteError.unterminatedText, "noSignatures": NoteError.noSignatures,
            "malformedSignature": NoteError.malformedSignature(line: 1),
            "malformedName": NoteError.malformedName(path),
            "malformedVerifierKey": NoteError.malformedVerifierKey(reason: "x"),
            "malformedCheckpoint": NoteError.malformedCheckpoint(line: 1, reason: "x"),
            "unsuitableKey": NoteError.unsuitableKey(.rsa), "key": NoteError.key(.isPrivate),
            "openSSL": NoteError.openSSL(openSSL),
        ],
        "CMSError": [
            "notDER": CMSError.notDER, "notPEM": CMSError.notPEM,
            "notSignedData": CMSError.notSignedData, "malformed": CMSError.malformed("x"),
            "tooMany": CMSError.tooMany("signers", limit: 1), "noSigner": CMSError.noSigner,
            "notBER": CMSError.notBER,
            "contentType": CMSError.contentType("1.2.3"),
            "notGranted": CMSError.notGranted(status: 2),
        ],
        "CertificateError": [
            "notACertificate": CertificateError.notACertificate("x"),
            "notARevocationList": CertificateError.notARevocationList("x"),
            "openSSL": CertificateError.openSSL(openSSL),
        ],
        "KeyError": [
            "notAKey": KeyError.notAKey("x"), "unsupported": KeyError.unsupported("x"),
            "isPrivate": KeyError.isPrivate, "passphraseNeeded": KeyError.passphraseNeeded,
            "wrongPassphrase": KeyError.wrongPassphrase, "weak": KeyError.weak("x"),
            "algorithmMismatch": KeyError.algorithmMismatch(.ed25519, .rsa),
            "openSSL": KeyError.openSSL(openSSL),
        ],
        "TrustError": [
            "syntax": TrustError.syntax(json), "content": TrustError.content(shape),
            "notAPublicKey": TrustError.notAPublicKey,
            "encoding": TrustError.encoding(.markedUTF8),
            "foreign": TrustError.foreign(.archive("tar")),
            "signerLine": TrustError.signerLine(1, "x"),
            "key": TrustError.key(.isPrivate), "keyTooLong": TrustError.keyTooLong(limit: 1),
            "noSuchKey": TrustError.noSuchKey(id: "x"),
            "revokedAlready": revoked, "rule": TrustError.rule(.log, .empty),
            "openSSL": TrustError.openSSL(openSSL),
        ],
        "SignatureError": [
            "tooLarge": SignatureError.tooLarge(limit: 1), "json": SignatureError.json(json),
            "shape": SignatureError.shape(shape), "note": SignatureError.note(.noSignatures),
            "cms": SignatureError.cms(.notDER), "notText": SignatureError.notText(expected: "text"),
            "isText": SignatureError.isText, "encoding": SignatureError.encoding(.markedUTF8),
            "wrongLength": SignatureError.wrongLength(7),
            "unknownAlgorithm": SignatureError.unknownAlgorithm(path),
            "openPGP": SignatureError.openPGP(.truncated), "key": SignatureError.key(.isPrivate),
            "unprintable": SignatureError.unprintable("comment"),
            "lineTooLong": SignatureError.lineTooLong("comment", limit: 1),
            "embeddedMessage": SignatureError.embeddedMessage,
            "digestList": SignatureError.digestList("x"),
            "unsupported": SignatureError.unsupported("x is not accepted"),
            "trailingBytes": SignatureError.trailingBytes,
            "noSignature": SignatureError.noSignature,
            "tooManySignatures": SignatureError.tooManySignatures(limit: 1),
        ],
        "OpenPGPError": [
            "truncated": OpenPGPError.truncated, "notAPacket": OpenPGPError.notAPacket,
            "streamedPacket": OpenPGPError.streamedPacket,
            "tooManyPackets": OpenPGPError.tooManyPackets,
            "unexpectedPacket": OpenPGPError.unexpectedPacket(1),
            "inlineMessage": OpenPGPError.inlineMessage,
            "cleartextMessage": OpenPGPError.cleartextMessage, "armour": OpenPGPError.armour("x"),
            "checksum": OpenPGPError.checksum, "version": OpenPGPError.version(6),
            "signatureType": OpenPGPError.signatureType(1),
            "keyAlgorithm": OpenPGPError.keyAlgorithm(17),
            "hashAlgorithm": OpenPGPError.hashAlgorithm(2),
            "shortHash": OpenPGPError.shortHash(8, .p384), "boundBySHA1": OpenPGPError.boundBySHA1,
            "criticalSubpacket": OpenPGPError.criticalSubpacket(3),
            "subpackets": OpenPGPError.subpackets("x"), "number": OpenPGPError.number,
            "cleartext": OpenPGPError.cleartext("x"), "secretKey": OpenPGPError.secretKey,
            "key": OpenPGPError.key("x"), "openSSL": OpenPGPError.openSSL(openSSL),
        ],
    ]

    private static var revoked: TrustError {
        let instant = Instant(secondsSince1970: 0)
        return instant.map { .revokedAlready(id: "x", at: $0, reason: .compromised) }
            ?? .notAPublicKey
    }

    /// An error of criteria, which only a reader makes.
    private static var criteria: Cases {
        do {
            _ = try Criteria(parsing: Array("{}".utf8))
            return [:]
        } catch {
            return ["": error]
        }
    }

    /// An error of an import, which only a reader makes.
    private static var imported: Cases {
        do {
            _ = try CavraPackage(parsing: Array("[]".utf8))
            return [:]
        } catch {
            return ["": error]
        }
    }

    /// Types that no test can see.
    ///
    /// They have a text of their own, which is written where they are made, or that of another; those of
    /// deliveries are held by the tests of their modules.
    private static let unseen: Set<String> = [
        "CommandFailure", "SignerLineError", "Refusal", "AlgorithmRefusal", "WorkflowError",
        "XMLError", "TrialError",
        "DestinationRefusal", "Ended", "Failed", "GivenUp", "Malformed", "Mismatch",
        "OutboundFailure",
        "ConsoleError", "IndexError", "LoginRefusal", "OutboxError", "ProviderFault",
        "RequestRefusal", "RouteFault", "SecretFault",
    ]

    /// A type of error as it is declared.
    private struct Declaration {
        let name: String
        let cases: Set<String>
        let isDescribed: Bool
    }

    /// All types of errors in Sources.
    private static func declarations() throws -> [Declaration] {
        let files = try sources()
        let all = files.joined(separator: "\n")
        return files.flatMap { text in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.indices.compactMap { declaration(at: $0, of: lines, in: all) }
        }
    }

    private static func declaration(
        at index: Int, of lines: [Substring], in all: String
    ) -> Declaration? {
        let line = lines[index]
        guard !line.contains("private ") else { return nil }
        guard
            let match = line.firstMatch(
                of: #/^( *)[a-z ]*(enum|struct|class) (\w+): (.*\bError\b.*)/#),
            match.4.split(whereSeparator: { ", {".contains($0) }).contains("Error")
        else { return nil }
        let inner = String(match.1) + "    case "
        let body = lines[(index + 1)...].prefix { $0 != match.1 + "}" }
        let cases = body.filter { $0.hasPrefix(inner) && !$0.contains("case .") }.compactMap {
            $0.dropFirst(inner.count).firstMatch(of: #/^\w+/#).map { String($0.0) }
        }
        let name = String(match.3)
        return Declaration(
            name: name, cases: match.2 == "enum" ? Set(cases) : [""],
            isDescribed: match.4.contains("CustomStringConvertible")
                || all.contains("\(name): CustomStringConvertible"))
    }

    private static func sources() throws -> [String] {
        // The library wraps these, and has a test of its words itself.
        try SourceList.paths(below: repositoryRoot + "/Sources").filter {
            !$0.contains("/Sources/Closeout/")
        }.map {
            String(decoding: try readFile($0), as: UTF8.self)
        }
    }

    @Test("the list of them is complete, and each has words of its own")
    func complete() throws {
        let declared = try Self.declarations()
        #expect(declared.count > 25)
        for type in declared {
            #expect(type.isDescribed, "\(type.name) has no description of its own")
            if Self.unseen.contains(type.name) { continue }
            #expect(Self.types[type.name].map { Set($0.keys) } == type.cases, "\(type.name)")
        }
        let names = Set(declared.map(\.name))
        #expect(Set(Self.types.keys).union(Self.unseen) == names)
    }

    @Test("none holds a value as Swift writes it")
    func texts() throws {
        for (type, cases) in Self.types {
            for (name, error) in cases {
                Self.check(error.description, "\(type).\(name)", case: name)
                Self.check("\(error)", "\(type).\(name)", case: name)
            }
        }
    }

    @Test("each cause that the system gives, and each operation, is reported in words")
    func files() {
        let causes: [FileError.Cause] = [
            .system(13), .system(9999), .changed, .sizeless, .vanished, .notRegular(.fifo),
            .notRegular(.characterDevice), .tooLarge(limit: 1), .badName, .alreadyExists,
            .interrupted,
            .locked(seconds: 1),
        ]
        let operations: [FileError.Operation] = [
            .open, .list, .examine, .read, .create, .write, .sync, .rename, .remove, .lock,
            .readLink,
            .makeDirectory, .createInside, .makeThread,
        ]
        for cause in causes {
            for operation in operations {
                Self.check("\(FileError(operation, Self.path, cause))", "\(operation)", case: "-")
            }
        }
        let reasons: [JSONError.Reason] = [
            .tooLarge(limit: 1), .tooDeep(limit: 1), .byteOrderMark, .invalidUTF8, .unexpectedEnd,
            .unexpectedByte(1), .trailingData, .controlCharacter, .invalidEscape, .loneSurrogate,
            .duplicateKey(Self.path), .notAnInteger, .leadingZero, .negativeZero, .numberOutOfRange,
            .notCanonical,
        ]
        for reason in reasons {
            Self.check("\(JSONError(offset: 1, reason: reason))", "\(reason)", case: "-")
        }
        let shapes: [JSONShapeError.Reason] = [
            .missing, .unknownKey, .wrongType(expected: "a string", found: "null"), .invalid("x"),
        ]
        for reason in shapes {
            Self.check("\(JSONShapeError(place: "a.b", reason: reason))", "\(reason)", case: "-")
        }
    }

    /// A text has no word with a parenthesis right behind it, as a value of Swift has, and is no name of a
    /// case.
    private static func check(_ text: String, _ place: String, case name: String) {
        #expect(text.firstMatch(of: #/\w\(/#) == nil, "\(place): \(text)")
        #expect(!text.contains("Optional") && !text.contains("Error"), "\(place): \(text)")
        #expect(!text.isEmpty && text != name, "\(place)")
    }
}
