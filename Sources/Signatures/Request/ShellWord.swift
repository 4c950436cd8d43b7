import CloseoutEncodings

/// One word of a command: whatever it holds, the shell passes exactly that on.
struct ShellWord: Equatable, ExpressibleByStringLiteral {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    init(stringLiteral text: String) {
        self.init(text)
    }

    /// A path that no program takes for an option.
    init(path: [UInt8]) {
        bytes = path.first == UInt8(ascii: "-") ? Array("./".utf8) + path : path
    }

    /// Two pieces of one word, such as an option and its value.
    static func + (left: ShellWord, right: ShellWord) -> ShellWord {
        ShellWord(left.bytes + right.bytes)
    }
}

/// Writes words as one line of a POSIX shell.
///
/// - Parameters:
///   - words: The program and its arguments.
///   - source: Where standard input comes from.
///   - file: Where standard output goes.
/// - Returns: The line, without a line end.
func commandLine(
    _ words: [ShellWord], readingFrom source: ShellWord? = nil, writingTo file: ShellWord? = nil
) -> String {
    let line = words.map { shellQuoted(word: $0.bytes) }.joined(separator: " ")
    let input = source.map { " < \(shellQuoted(word: $0.bytes))" } ?? ""
    let output = file.map { " > \(shellQuoted(word: $0.bytes))" } ?? ""
    return line + input + output
}
