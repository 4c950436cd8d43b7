package import CloseoutOpenSSL

/// A record of the log with the results of its signatures: what an evidence state is made of.
///
/// All that hold one share it.
package struct SignedRecord: Equatable, Sendable {
    private final class Shared: Sendable {
        let digest: SHA256Digest
        let sequence: Int
        let record: Record
        let signers: RecordSigners

        init(_ digest: SHA256Digest, _ sequence: Int, _ record: Record, _ signers: RecordSigners) {
            self.digest = digest
            self.sequence = sequence
            self.record = record
            self.signers = signers
        }
    }

    private let shared: Shared

    /// The digest of the record's bytes.
    package var digest: SHA256Digest { shared.digest }
    /// The index of its log entry.
    package var sequence: Int { shared.sequence }
    /// What it says.
    package var record: Record { shared.record }
    /// Who signed it.
    package var signers: RecordSigners { shared.signers }

    /// Puts it together.
    package init(digest: SHA256Digest, sequence: Int, record: Record, signers: RecordSigners) {
        shared = Shared(digest, sequence, record, signers)
    }

    package static func == (left: SignedRecord, right: SignedRecord) -> Bool {
        left.shared === right.shared
            || left.digest == right.digest && left.sequence == right.sequence
                && left.record == right.record && left.signers == right.signers
    }
}

/// The status of a record by itself (docs/records.md, "Standing").
package enum RecordStatus: Equatable, Sendable {
    /// Its kind needs no signature: the log alone vouches for it.
    case logged
    /// Enough operators signed it for the roles that it needs; all of them, ascending.
    case signed(by: [String])
    /// It is no more than what somebody says.
    case asserted(Shortfall)

    /// What a record lacks.
    package struct Shortfall: Equatable, Sendable {
        /// What is lacking.
        package let cause: Cause
        /// The same in one sentence without a full stop.
        package let reason: String
    }

    /// The ways in which a record can lack signatures.
    package enum Cause: Equatable, Sendable {
        /// Too few operators signed it, or nobody.
        case tooFew
        /// Those who signed it do not have the role.
        case role
        /// The same operator is on both sides.
        case samePerson
        /// What it links to is itself no more than asserted.
        case linked
        /// It was taken from a file of another system.
        case imported
    }

    /// Whether it counts in favour of anything.
    package var counts: Bool { shortfall == nil }

    /// What it lacks; nil where it counts.
    package var shortfall: Shortfall? {
        if case .asserted(let shortfall) = self { shortfall } else { nil }
    }
}

/// A record with its status, in log order.
///
/// All that hold one share it: the state of a bundle names each record in several places.
package struct ResolvedRecord: Equatable, Sendable {
    private final class Shared: Sendable {
        let signed: SignedRecord
        let status: RecordStatus
        let completed: Int

        init(_ signed: SignedRecord, _ status: RecordStatus, _ completed: Int) {
            self.signed = signed
            self.status = status
            self.completed = completed
        }
    }

    private let shared: Shared

    init(signed: SignedRecord, status: RecordStatus, completed: Int) {
        shared = Shared(signed, status, completed)
    }

    /// The record.
    package var signed: SignedRecord { shared.signed }
    /// What it is worth.
    package var status: RecordStatus { shared.status }
    /// The index of the log entry that completed its signatures: its own, or that of a signature that
    /// came later; where they are not complete, that of the last signature.
    package var completed: Int { shared.completed }

    /// The digest of the record's bytes.
    package var digest: SHA256Digest { signed.digest }
    /// What every record says.
    package var header: RecordHeader { signed.record.header }
    /// What its kind adds.
    package var body: Record.Body { signed.record.body }

    package static func == (left: ResolvedRecord, right: ResolvedRecord) -> Bool {
        left.shared === right.shared
            || left.signed == right.signed && left.status == right.status
                && left.completed == right.completed
    }
}
