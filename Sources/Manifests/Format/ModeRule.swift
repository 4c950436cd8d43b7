/// What of a file's mode a manifest holds (docs/manifest.md, "Modes").
package enum ModeRule: String, CaseIterable, Sendable {
    /// Whether the owner may execute it: 0755 or 0644; setuid, setgid and sticky are refused.
    case executable
    /// The permission bits with setuid, setgid and sticky.
    case exact
    /// Nothing.
    case ignore

    /// The mode that an entry holds for a file whose permission bits are `bits`; nil when it holds
    /// none.
    package func recorded(_ bits: UInt16) -> UInt16? {
        switch self {
        case .executable: bits & 0o100 == 0 ? 0o644 : 0o755
        case .exact: bits
        case .ignore: nil
        }
    }

    /// Whether an entry of a manifest under this rule may hold the mode.
    func allows(_ mode: UInt16?) -> Bool {
        switch self {
        case .executable: mode == 0o644 || mode == 0o755
        case .exact: mode.map { $0 <= 0o7777 } ?? false
        case .ignore: mode == nil
        }
    }

    /// Whether a file with these permission bits is another than an entry with this mode lists.
    func differs(_ bits: UInt16, from mode: UInt16?) -> Bool {
        guard self != .ignore, let mode else { return false }
        return recorded(bits) != mode || !accepts(bits)
    }

    /// Whether a file with these permission bits can be recorded at all.
    func accepts(_ bits: UInt16) -> Bool {
        self != .executable || bits & 0o7000 == 0
    }
}
