internal import Glibc

/// What could not be done to a file, where, and why (docs/architecture.md, "Files").
///
/// The path is kept apart from the words because its bytes are untrusted: whoever prints it escapes
/// it.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done.
    package enum Operation: String, Sendable {
        case open, list, examine, read, create, write, sync, rename, remove, lock, run
        case readLink = "read the link"
        case makeDirectory = "make the directory"
        case createInside = "create a file in it"
        case makeThread = "make a thread"
    }

    /// Why it could not be done.
    package enum Cause: Equatable, Sendable {
        /// The system refused; the value is its `errno`.
        case system(Int32)
        /// The file became another one, or got other contents, while it was read.
        case changed
        /// It has contents and says that it has none, as files do that the system makes up.
        case sizeless
        /// The file was there when its directory was listed, and is gone.
        case vanished
        /// It is not a regular file but this.
        case notRegular(FileKind)
        /// It holds more bytes than this.
        case tooLarge(limit: Int)
        /// The name is empty, `.`, `..`, or holds a slash or a NUL.
        case badName
        /// There is already something of this name.
        case alreadyExists
        /// A signal is to end the process.
        case interrupted
        /// The task that was doing it was cancelled.
        case cancelled
        /// Another process has held the lock for as long as it was waited for.
        case locked(seconds: Int)
    }

    /// What was being done.
    package let operation: Operation
    /// The path as raw bytes, beginning with the path that the user gave.
    package let path: [UInt8]
    /// Why it could not be done.
    package let cause: Cause

    /// Names an operation, its path and the cause.
    package init(_ operation: Operation, _ path: [UInt8], _ cause: Cause) {
        self.operation = operation
        self.path = path
        self.cause = cause
    }

    /// The failure to open what is not there.
    package static func missing(_ path: [UInt8]) -> FileError {
        FileError(.open, path, .system(ENOENT))
    }

    /// The same failure, for another path.
    package func at(_ path: [UInt8]) -> FileError {
        FileError(operation, path, cause)
    }

    /// The system's error number, where the system was what refused.
    package var errno: Int32? {
        if case .system(let number) = cause { number } else { nil }
    }

    /// True when there is nothing at the path.
    package var isMissing: Bool { errno == ENOENT || errno == ENOTDIR }

    /// True when what is at the path is a link where none may be followed.
    package var isLink: Bool { errno == ELOOP }

    /// True when the space, the quota or the permitted size ran out.
    package var isDiskFull: Bool { errno == ENOSPC || errno == EDQUOT || errno == EFBIG }

    /// True for a cause that lies in the process or the machine and in no file: no descriptor or no memory
    /// is left.
    package var isShortage: Bool { errno == EMFILE || errno == ENFILE || errno == ENOMEM }

    /// The failure in words, without the path: `cannot open: permission denied`.
    package var problem: String { "cannot \(operation.rawValue): \(cause.problem)" }

    /// The failure in words, without the path, whose bytes are untrusted.
    package var description: String { problem }
}

extension FileError.Cause {
    /// The cause in words.
    package var problem: String {
        switch self {
        case .system(let number): systemMessage(number)
        case .changed: "it changed while it was read"
        case .sizeless: "it has contents and no size, as the files of /proc do"
        case .vanished: "it vanished after it was listed"
        case .notRegular(let kind): "it is a \(kind.rawValue), not a regular file"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .badName: "the name is not one path component"
        case .alreadyExists: "it already exists"
        case .interrupted: "it was interrupted"
        case .cancelled: "it was cancelled"
        case .locked(let seconds):
            "another process has held the lock for \(seconds) seconds"
        }
    }
}

/// What the system does, whose failure gets the path that the caller knows.
@inline(__always)
func naming<Value: ~Copyable>(
    _ path: [UInt8], _ body: @autoclosure () throws(FileError) -> Value
) throws(FileError) -> Value {
    do { return try body() } catch { throw error.at(path) }
}

/// What the system says of an error number, beginning in lower case.
private func systemMessage(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    let message = unsafe String(cString: text)
    return message.prefix(1).lowercased() + message.dropFirst()
}

/// Makes a system call, again whenever a signal interrupts it.
///
/// - Throws: `FileError` with the operation, the path and `errno` when the call returns a negative
///   number.
@inline(__always)
@discardableResult
func system(
    _ operation: FileError.Operation, _ path: @autoclosure () -> [UInt8] = [], call: () -> Int
) throws(FileError) -> Int {
    while true {
        let result = call()
        if result >= 0 { return result }
        let number = errno
        if number != EINTR {
            let error = FileError(operation, path(), .system(number))
            if error.isShortage { Shortage.note(error) }
            throw error
        }
    }
}
