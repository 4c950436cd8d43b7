import CloseoutEncodings
import CloseoutFiles

extension CommandFailure {
    /// Reports an argument that is not UTF-8 (docs/command-line.md, "Paths").
    ///
    /// What may be a secret is not repeated.
    init(notUTF8 argument: [UInt8], after others: [String]) {
        let end = argument.firstIndex(of: UInt8(ascii: "="))
        let isJoined = argument.starts(with: "--".utf8)
        let joined = end.map { String(decoding: argument[..<$0], as: UTF8.self) }
        let option = isJoined ? joined : others.last.flatMap(Self.option)
        let value = isJoined ? end.map { Array(argument[($0 + 1)...]) } ?? argument : argument
        let text = String(decoding: value, as: UTF8.self)
        let place = option.map { "the value of \($0)" } ?? "argument \(others.count + 1)"
        guard !PlausibleValue.mayBeSecret(text, of: option) else {
            self.init(.usage, "\(place) is not UTF-8 (not repeated: it may be a secret)")
            return
        }
        self.init(
            .usage, "\(place) is not UTF-8: \(printable(value))",
            hint: "a path can be given by another name: ln -s \(shellQuoted(word: value)) NAME")
    }

    private static func option(_ argument: String) -> String? {
        argument.hasPrefix("-") && !argument.contains("=") ? argument : nil
    }
}

/// The value of a variable that is text; nil where it is not set or empty.
///
/// - Throws: `CommandFailure`, 64, where it is not UTF-8.
func textVariable(_ name: String) throws -> String? {
    guard let value = Machine.environment(name), !value.isEmpty else { return nil }
    guard firstInvalidUTF8(in: value) == nil else {
        throw CommandFailure(
            .usage, "the variable \(name) is not UTF-8",
            hint: "a path can be given by another name: ln -s PATH NAME")
    }
    return String(decoding: value, as: UTF8.self)
}
