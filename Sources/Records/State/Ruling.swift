package import CloseoutOpenSSL

/// What was said of one thing by yes and no, in log order (docs/records.md, "Denials").
///
/// A no is in force, whoever said it, until a later yes that counts names it. A yes is in force from
/// where it began to count until the next no. So no signature that ends or comes late, and no record that is
/// lost, can turn a no into a yes. What a yes or no takes is as much as it names, however much was
/// said before.
package struct Ruling: Equatable, Sendable {
    /// The digests of all denials since there was last none, in log order.
    private var denied: [SHA256Digest] = []
    /// Those of them in force.
    private var status: Set<SHA256Digest> = []
    /// The digests of the approvals in force, in the order in which they began to count; there are
    /// none beside a denial.
    package private(set) var approvals: [SHA256Digest] = []
    /// What was said in favour and is not undone by a later no, whether or not it counts yet.
    private var proposals: Set<SHA256Digest> = []

    /// Begins with nothing said.
    package init() {}

    /// The digests of the denials in force, in log order.
    package var denials: [SHA256Digest] { denied.filter(status.contains) }

    /// The approvals in force, to be looked up.
    private var approved: Set<SHA256Digest> = []

    /// Whether an approval is in force.
    package func isApproved(by digest: SHA256Digest) -> Bool { approved.contains(digest) }

    /// Whether it is approved.
    package var isApproved: Bool { !approvals.isEmpty }

    /// Takes in a no.
    package mutating func deny(_ digest: SHA256Digest) {
        if status.insert(digest).inserted { denied.append(digest) }
        approvals = []
        approved = []
        proposals = []
    }

    /// Takes in a yes at its place in the log, and the digests that it undoes.
    ///
    /// - Parameters:
    ///   - digest: The yes.
    ///   - named: What it names.
    ///   - others: What something else names for it.
    /// - Returns: Whether it undoes every no in force; it is without effect otherwise.
    package mutating func propose(
        _ digest: SHA256Digest, undoing named: Set<SHA256Digest>, and others: Set<SHA256Digest> = []
    ) -> Bool {
        guard named.count + others.count >= status.count,
            status.allSatisfy({ named.contains($0) || others.contains($0) })
        else { return false }
        proposals.insert(digest)
        return true
    }

    /// Lets a yes count.
    ///
    /// - Returns: Whether it was still without a no.
    package mutating func approve(_ digest: SHA256Digest) -> Bool {
        guard proposals.remove(digest) != nil else { return false }
        denied = []
        status = []
        approvals.append(digest)
        approved.insert(digest)
        return true
    }

    /// Forgets a no that was undone elsewhere.
    package mutating func undo(_ digest: SHA256Digest) {
        status.remove(digest)
        if status.isEmpty { denied = [] }
    }
}
