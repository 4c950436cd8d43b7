package import OpenSSL

/// What was said of one thing by yes and no, in log order (docs/records.md, "Denials").
///
/// A no stands, whoever said it, until a later yes that counts names it. So no signature that ends,
/// and no record that is lost, can turn a no into a yes.
package struct Ruling: Equatable, Sendable {
    /// The digests of the denials that stand, in log order.
    package private(set) var denials: [SHA256Digest] = []
    /// The digest of the approval that stands, where there is one and no denial.
    package private(set) var approval: SHA256Digest?

    /// Whether it is approved.
    package var isApproved: Bool { approval != nil }

    /// Takes in a no.
    mutating func deny(_ digest: SHA256Digest) {
        denials.append(digest)
        approval = nil
    }

    /// Takes in a yes that counts, and the digests that it undoes.
    ///
    /// - Returns: Whether it undoes every no that stands; it is without effect otherwise.
    mutating func approve(_ digest: SHA256Digest, undoing: Set<SHA256Digest>) -> Bool {
        guard undoing.isSuperset(of: denials) else { return false }
        denials = []
        approval = digest
        return true
    }

    /// Forgets a no that was undone elsewhere.
    mutating func undo(_ digest: SHA256Digest) {
        denials.removeAll { $0 == digest }
    }
}
