import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutSignatures
package import CloseoutVerification

/// Why there is no page for a bundle.
package enum SelfVerifyingError: Error, Equatable, CustomStringConvertible {
    /// A file that everything else is recomputed from is not there as the log names it.
    case lacks(String)
    /// The manifest has more entries than a browser takes in.
    case tooManyEntries(Int, limit: Int)
    /// libcrypto could not compute a digest.
    case failed(OpenSSLError)

    package var description: String {
        switch self {
        case .lacks(let name):
            "\(name): expected the file that the log names, and found none"
        case .tooManyEntries(let count, let limit):
            "manifest.jsonl: expected at most \(grouped(limit)) entries, which a page can hold, "
                + "and found \(grouped(count))"
        case .failed(let error): "\(error)"
        }
    }
}

/// What a page recomputes a report from (docs/self-verifying.md, "Data").
package struct SelfVerifyingData {
    /// The most entries of a manifest that a page holds.
    package static let entryLimit = 200_000

    /// The keys of the policy, in its order.
    let keys: [PolicyKey]
    /// The report that is shown.
    let report: Report
    private let json: JSON

    /// Gathers it from a bundle that was verified, whose manifest was kept.
    ///
    /// - Parameters:
    ///   - inspection: The verification.
    ///   - report: What is reported of it.
    ///   - policy: Whose keys the page has; nil for none.
    ///   - version: The version of the program.
    ///   - entryLimit: The most entries.
    /// - Throws: ``SelfVerifyingError``.
    package init(
        _ inspection: Inspection, showing report: Report, policy: TrustPolicy?, version: String,
        entryLimit: Int = Self.entryLimit
    ) throws(SelfVerifyingError) {
        let contents = inspection.contents
        guard let seal = contents.seal else { throw .lacks("seal.json") }
        guard let log = contents.logReading.bytes else { throw .lacks("log.jsonl") }
        guard let manifest = inspection.readings[BundleLayout.manifest]?.bytes else {
            throw .lacks("manifest.jsonl")
        }
        let entries = manifest.count { $0 == UInt8(ascii: "\n") } - 1
        guard entries <= entryLimit else { throw .tooManyEntries(entries, limit: entryLimit) }
        let signatures: [LoggedFile]
        do throws(OpenSSLError) { signatures = try SortedSignatures(contents).seal } catch {
            throw .failed(error)
        }
        self.report = report
        keys = policy?.keys ?? []
        let release = report.release?.release.name
        json = [
            "checkpoint": contents.checkpoint.bytes.map(Self.base64) ?? .null,
            "expires": policy?.expires.map { JSON("\($0)") } ?? .null,
            "keys": .array(
                keys.filter(\.isForBrowsers).flatMap {
                    Self.keys(of: $0, in: policy, release: release)
                }),
            "kind": "closeout/self-verifying/v1",
            "left_out": .array(
                keys.filter { !$0.isForBrowsers }
                    .map { ["format": JSON($0.format.name), "id": JSON($0.id)] }),
            "log": Self.base64(log),
            "manifest": Self.base64(manifest),
            "policy": report.policy.map { JSON($0.hex) } ?? .null,
            "requires_decision": .bool(policy?.requiresDecision ?? false),
            "rules": .array(Self.rules(of: policy)),
            "samples": .array(SampleKeys.fingerprints.map { JSON($0) }),
            "seal": Self.base64(seal),
            "signatures": .array(
                signatures.compactMap { file in
                    file.trueBytes.map {
                        ["bytes": Self.base64($0), "path": .string(file.entry.path)]
                    }
                }),
            "version": JSON(version),
        ]
    }

    /// The text of a script element: JSON that ends no element and breaks no line of a script.
    var scriptText: [UInt8] {
        let bytes = json.canonicalBytes
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "<") {
                text += "\\u003c".utf8
                rest.removeFirst()
            } else if byte == 0xE2, rest.starts(with: [0xE2, 0x80, 0xA8]) {
                text += "\\u2028".utf8
                rest.removeFirst(3)
            } else if byte == 0xE2, rest.starts(with: [0xE2, 0x80, 0xA9]) {
                text += "\\u2029".utf8
                rest.removeFirst(3)
            } else {
                text.append(byte)
                rest.removeFirst()
            }
        }
        return text
    }

    private static func base64(_ bytes: [UInt8]) -> JSON { .string(Base64.encode(bytes)) }

    /// How many people each role takes that signs the seal or the checkpoint.
    private static func rules(of policy: TrustPolicy?) -> [JSON] {
        [Role.release, .archive, .log].compactMap { role in
            policy?.roles[role].map {
                ["role": JSON(role.rawValue), "threshold": .integer(Int64($0.threshold))]
            }
        }
    }

    /// The public keys of an entry, each with all that a browser needs of it.
    private static func keys(of entry: PolicyKey, in policy: TrustPolicy?, release: String?)
        -> [JSON]
    {
        entry.material.publicKeys.map { key in
            [
                "algorithms": .array(entry.algorithms.map { JSON($0.rawValue) }),
                "cosigns": .bool(entry.material.roles == [.witness]),
                "format": JSON(entry.format.name),
                "id": JSON(entry.id),
                "legacy": .bool(entry.acceptsLegacy),
                "name": entry.noteName.map { .string($0) } ?? .null,
                "namespaces": entry.namespaces.map { .array($0.map { .string($0) }) } ?? .null,
                "not_after": entry.notAfter.map { JSON("\($0)") } ?? .null,
                "not_before": entry.notBefore.map { JSON("\($0)") } ?? .null,
                "number": entry.number.map { JSON(Hex.string($0)) } ?? .null,
                "operator": JSON(entry.operator),
                "revoked": revocation(of: policy?.united(entry) ?? entry),
                "roles": .array(
                    (policy?.roles(ofKey: entry.id, release: release) ?? []).map {
                        JSON($0.rawValue)
                    }),
                "sample": .bool(entry.isSample),
                "spki": base64(key.spki),
            ]
        }
    }

    /// The revocation that weighs most: a compromise, or else the earliest.
    private static func revocation(of entry: PolicyKey) -> JSON {
        let all = entry.revocations
        let gravest =
            all.first { $0.reason == .compromised } ?? all.min { $0.at < $1.at }
        return gravest.map { ["at": JSON("\($0.at)"), "reason": JSON($0.reason.rawValue)] } ?? .null
    }
}

extension PolicyKey {
    /// Whether a page can check signatures by such keys.
    fileprivate var isForBrowsers: Bool {
        ["spki", "ssh", "note", "minisign", "signify"].contains(format.name)
    }

    /// The algorithms of its signatures.
    fileprivate var algorithms: [SignatureAlgorithm] {
        if case .ssh(let key) = material { key.algorithms } else { [material.algorithm] }
    }

    /// The number of a key of minisign or signify; nil for another key.
    fileprivate var number: [UInt8]? {
        switch material {
        case .minisign(let key): key.number
        case .signify(let key): key.number
        default: nil
        }
    }

    /// Whether signatures of the legacy kind of minisign count.
    fileprivate var acceptsLegacy: Bool {
        if case .minisign(let key) = material { key.acceptsLegacy } else { false }
    }

    /// The name under which a key of signed notes signs; nil for another key.
    fileprivate var noteName: [UInt8]? {
        if case .note(let key) = material { key.verifier.name } else { nil }
    }

    /// What signatures of an SSH key may be for; nil for another key.
    fileprivate var namespaces: [[UInt8]]? {
        if case .ssh(let key) = material { key.namespaces } else { nil }
    }
}
