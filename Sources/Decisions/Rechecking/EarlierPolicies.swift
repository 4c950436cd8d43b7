import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutSignatures

/// The policies under which decisions were made before today's, as far as the auditor trusted them
/// then
/// (docs/criteria.md, "Earlier policies").
///
/// A policy that only lies in a bundle is never among them: the auditor gives it, or today's policy
/// lists its digest.
package struct EarlierPolicies: Sendable {
    /// How many bytes of policies and their key files are read from one bundle.
    package static let most = 64 * 1024 * 1024
    /// How many bytes a key file may have that is read from a bundle.
    package static let largestKeyFile = 4 * 1024 * 1024

    /// What is known of a policy that today's lists.
    private enum Listed {
        case read(TrustPolicy)
        case unreadable(String)
        case absent
    }

    private let present: TrustPolicy?
    private let given: [SHA256Digest: TrustPolicy]
    private var listed: [SHA256Digest: Listed] = [:]

    /// Begins with none, so that every decision under another policy than today's is only shown.
    package init() {
        present = nil
        given = [:]
    }

    /// Reads the policies of a log's signed decisions that today's lists, the newest decision's
    /// first.
    ///
    /// - Parameters:
    ///   - state: The state that the log's records give.
    ///   - present: Today's policy.
    ///   - given: Earlier policies that the auditor brought along.
    ///   - attachment: Reads an attachment of the bundle, of at most so many bytes; nil where
    /// there is
    ///     none that can be read.
    package init(
        of state: EvidenceState?, under present: TrustPolicy?, given: [TrustPolicy],
        attachment: (_ digest: SHA256Digest, _ limit: Int) throws -> [UInt8]?
    ) rethrows {
        self.present = present
        self.given = Dictionary(given.map { ($0.digest, $0) }, uniquingKeysWith: { $1 })
        guard let present else { return }
        let wanted = Set(present.earlier.map(\.digest))
        for record in state?.decisions.reversed() ?? [] {
            guard case .signed = record.status, case .decision(let decision) = record.body,
                wanted.contains(decision.policy), self.given[decision.policy] == nil,
                listed[decision.policy] == nil
            else { continue }
            let bytes = try attachment(decision.policy, TrustPolicy.largestFile)
            listed[decision.policy] =
                bytes.map { Self.read($0, as: present, attachment) } ?? .absent
        }
    }

    /// Reads a policy whose key files the bundle holds by their digests.
    private static func read(
        _ bytes: [UInt8], as present: TrustPolicy,
        _ attachment: (SHA256Digest, Int) throws -> [UInt8]?
    ) -> Listed {
        withoutActuallyEscaping(attachment) { attachment in
            let context = PolicyContext(acceptingSampleKeys: present.acceptsSampleKeys) {
                (path: [UInt8], digest: SHA256Digest) throws(KeyFileError) -> [UInt8] in
                guard let bytes = try? attachment(digest, largestKeyFile) else {
                    throw KeyFileError("the bundle does not hold \(printable(path))")
                }
                return bytes
            }
            do throws(TrustError) {
                return .read(try TrustPolicy(parsing: bytes, in: context))
            } catch {
                return .unreadable("\(error)")
            }
        }
    }

    /// Today's policy, where it revokes keys.
    var revoking: TrustPolicy? { present.flatMap { $0.revokesKeys ? $0 : nil } }

    /// The policies that were read.
    var policies: [TrustPolicy] {
        Array(given.values)
            + listed.values.compactMap { if case .read(let policy) = $0 { policy } else { nil } }
    }

    /// Why a decision cannot be recomputed under its policy, which is not today's; nil where it
    /// can.
    func obstacle(for decision: ReleaseDecision) -> Obstacle? {
        let hex = decision.policy.hex
        guard given[decision.policy] == nil else { return nil }
        guard let entry = present?.earlier.first(where: { $0.digest == decision.policy }) else {
            return Obstacle("it was decided under another policy, \(hex)")
        }
        guard entry.wasInForce(at: decision.asOf) else {
            let end = entry.until.map(\.description) ?? ""
            return Obstacle(
                "it was decided under another policy, \(hex), which had been replaced at \(end)")
        }
        switch listed[decision.policy] {
        case .read: return nil
        case .unreadable(let reason):
            return Obstacle(
                "it was decided under an earlier policy, \(hex), that cannot be read: \(reason)")
        case .absent, nil:
            return Obstacle(
                "it was decided under an earlier policy, \(hex), which the bundle does not hold")
        }
    }

    /// Why there is no policy to recompute a decision under, and what to do about that.
    struct Obstacle {
        let reason: String
        let hint =
            "if that is the policy by which you trusted then, give it: --trust-then POLICY; "
            + "else decide anew with `close`"

        init(_ reason: String) {
            self.reason = reason
        }
    }
}
