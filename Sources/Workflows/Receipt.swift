/// What a workflow did: what it stored, and what a person should know of it.
///
/// A workflow prints nothing. Whoever called it prints the receipt, or looks into it.
package struct Receipt: Equatable, Sendable {
    /// One thing that a person should know.
    package enum Remark: Equatable, Sendable {
        /// What was done or found.
        case note(String)
        /// What may be wrong although the work was done, and what to do about it.
        case warning(String, hint: String?)
    }

    /// The paths of what was asked for, in the order of the request: where it lies now, whether it was
    /// stored by this workflow or before.
    package var stored: [[UInt8]] = []
    /// Notes and warnings in the order in which they arose.
    ///
    /// Untrusted text in them is printable.
    package var remarks: [Remark] = []

    /// Begins a receipt of nothing.
    package init() {}

    /// Adds a note.
    package mutating func note(_ text: String) { remarks.append(.note(text)) }

    /// Adds a warning.
    package mutating func warn(_ text: String, hint: String? = nil) {
        remarks.append(.warning(text, hint: hint))
    }

    /// Adds what another workflow did as a part of this one.
    package mutating func append(_ other: Receipt) {
        stored += other.stored
        remarks += other.remarks
    }
}
