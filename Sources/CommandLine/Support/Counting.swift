import CloseoutVerification

/// A count with its noun, which takes an `s` for all but one.
func counted(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}
