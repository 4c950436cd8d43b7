import CloseoutEncodings
package import CloseoutRecords

extension RetryRun.Result {
    /// What a run says of a delivery, in one line: what would be sent, to which receiver, and what is known of its address.
    package var words: String {
        var words = [outcome.rawValue]
        if let code { words.append(code.text) }
        if let rehearsal {
            words.append(rehearsal.provider.text)
            if let tag = rehearsal.routeTag {
                words.append("tag \(Hex.string(tag.tag).prefix(12))")
            }
            words.append("\(rehearsal.bodySize) bytes")
            words.append(
                rehearsal.verdict == .notResolved
                    ? "not resolved" : "allowed by \(printable(rehearsal.range ?? ""))")
            if !rehearsal.headerNames.isEmpty {
                words.append("fields \(printable(rehearsal.headerNames.joined(separator: " ")))")
            }
        }
        return words.joined(separator: ", ")
    }

    /// The same, with the id of the delivery.
    package var line: String { "\(printable(delivery)): \(words)" }
}
