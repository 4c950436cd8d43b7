import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutInterchange
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

/// The readers of the modules above `Encodings`.
///
/// The files of `fixtures` and `keys-sample` are what the fuzzer begins with; folders with files of
/// other formats can be given to it.
extension Decoder {
    static let readers =
        documents + [imports, evidence, policy, key, allowedSigners, privateKey] + material
        + formats

    /// What has one form only, and comes back as it was.
    private static let documents = [
        reader("seal") { try Seal(parsing: $0).canonicalBytes },
        reader("manifest header") { try ManifestHeader(parsing: $0).line },
        reader("log entry") { try LogEntry(parsing: $0).line },
        reader("record") { try Record(parsing: $0).canonicalBytes },
        reader("proof") { try Proof(parsing: $0).canonicalBytes },
        taker("manifest entry", sample: #"{"path":"lib/x.so","target":"x.so.1","type":"symlink"}"#)
        {
            _ = ManifestEntry(line: $0)
        },
        taker("log") { _ = try BundleLog(parsing: $0) },
        reader("packed bundle", sample: packedSample) { try packed($0) },
    ]

    /// A package of another system, which is then judged.
    private static let imports = taker(
        "cavra", sample: #"{"schema_version":"cavra.final_closeout_trial.v1"}"#
    ) { input in
        guard let package = try? CavraPackage(parsing: input),
            let asOf = Instant(secondsSince1970: 1_780_000_000)
        else { return }
        _ = try ImportResult(
            package, beside: [:], asOf: asOf, criteria: try Profile.finalCloseout.criteria()
        ).text(isAsOfGiven: true)
    }

    /// A report of tests, a bill of materials, results of an analysis, or a statement.
    private static let evidence = taker(
        "evidence", sample: "<testsuite><testcase><failure/></testcase></testsuite>"
    ) { input in
        _ = EvidenceContent(of: input).verdict(shipped: ShippedNames())
    }

    private static let packedSample = String(
        decoding: [
            ArchiveMember(path: Array("p-1.closeout".utf8), kind: .directory),
            ArchiveMember(
                path: Array("p-1.closeout/README.txt".utf8), kind: .file(size: 0, mode: 0o644)),
            ArchiveMember(path: Array("p-1.closeout/artifacts".utf8), kind: .directory),
            ArchiveMember(
                path: Array("p-1.closeout/artifacts/é".utf8), kind: .symlink(target: [0x78])),
        ].flatMap(\.header) + ArchiveFormat.end, as: UTF8.self)

    /// The archive that `pack` would write of what is read of one.
    private static func packed(_ input: [UInt8]) throws -> [UInt8] {
        var reader = ArchiveReader(input)
        var output: [UInt8] = []
        while let found = try reader.next() {
            output += found.member.header + input[found.offset..<found.offset + found.member.size]
            output += [UInt8](
                repeating: 0, count: ArchiveFormat.padding(behind: found.member.size))
        }
        return output + ArchiveFormat.end
    }

    private static let policy = taker("policy") { input in
        _ = try TrustPolicy(parsing: input, in: context)
    }

    /// A public key in any format that a policy takes.
    private static let key = taker("key") { input in
        _ = try TrustPolicy.single(input, algorithm: nil, in: context)
    }

    private static let allowedSigners = taker("allowed signers") { input in
        _ = try KeyEntry.entries(allowedSigners: input)
    }

    private static let privateKey = taker("private key") { input in
        _ = PrivateKeyScanner.finds(in: input)
        _ = try PrivateKey(parsing: input, passphrase: nil)
    }

    private static let material = [
        taker("certificates and revocation lists") { input in
            var material = UntrustedCertificates()
            try material.add(input)
        },
        taker("signed data") { _ = try SignedData(parsing: $0) },
        taker("time-stamp") { _ = try TimeStampToken(parsing: $0) },
    ]

    /// All signature formats.
    private static let formats = SignatureFormat.all.map { format in
        taker(format.name) { input in
            _ = SignatureFormat.recognise(input)
            for signature in try format.signatures(in: input) { _ = signature.hint }
        }
    }

    private static var context: PolicyContext { PolicyContext(acceptingSampleKeys: true) }

    private static func reader(
        _ name: String, sample: String = "",
        _ reencode: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) -> Decoder {
        Decoder(description: name, sample: sample, tokens: []) { try? reencode($0) }
    }

    /// A reader of several forms of one value, which is held to end well.
    private static func taker(
        _ name: String, sample: String = "", _ read: @escaping @Sendable ([UInt8]) throws -> Void
    ) -> Decoder {
        reader(name, sample: sample) { input in
            try read(input)
            return input
        }
    }
}
