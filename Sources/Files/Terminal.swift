internal import Glibc

/// The terminal that controls the process, for secrets that a person types.
package enum Terminal {
    /// The most bytes that a line may have.
    private static let limit = 4096

    /// Asks on the terminal for a line that is not shown while it is typed.
    ///
    /// - Returns: the line without its end, or nil where the process has no terminal or the input ends.
    /// - Throws: `FileError` where the terminal cannot be set.
    package static func askHidden(_ prompt: String) throws(FileError) -> [UInt8]? {
        // Whoever gives up here gets a terminal back that shows what is typed.
        try SignalHold.during { () throws(FileError) in try ask(prompt) }
    }

    private static func ask(_ prompt: String) throws(FileError) -> [UInt8]? {
        let path = Array("/dev/tty".utf8)
        let number = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { return nil }
        let terminal = Descriptor(owning: number)
        var settings = termios()
        guard unsafe tcgetattr(terminal.number, &settings) == 0 else { return nil }
        let before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(terminal.number, TCSAFLUSH, &settings) == 0 else {
            throw FileError(.read, path, .system(errno))
        }
        defer {
            var restored = before
            _ = unsafe tcsetattr(terminal.number, TCSAFLUSH, &restored)
        }
        try StandardStream.write(Array(prompt.utf8), to: terminal.number)
        let line = try readLine(terminal.number, path)
        try StandardStream.write([UInt8(ascii: "\n")], to: terminal.number)
        return line
    }

    /// The line, or nil where the input ends before it does.
    private static func readLine(
        _ number: Int32, _ path: [UInt8]
    ) throws(FileError) -> [UInt8]? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < limit {
            try waitForInput(number, path)
            let count = try system(.read, path) { unsafe read(number, &byte, 1) }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
        }
        throw FileError(.read, path, .tooLarge(limit: limit))
    }

    /// Waits for somebody to type, and looks now and then whether a signal came.
    private static func waitForInput(_ number: Int32, _ path: [UInt8]) throws(FileError) {
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        while try system(.read, path, call: { Int(unsafe poll(&request, 1, 100)) }) == 0 {
            try naming(path, try SignalHold.check(.read))
        }
    }
}
