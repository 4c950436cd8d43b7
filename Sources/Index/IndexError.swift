import CloseoutEncodings
package import CloseoutFiles
import GRDB

/// Why an index cannot be made or asked.
package enum IndexError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be made or opened.
    case file(FileError)
    /// Something else than an index is at the place where it was to be.
    case notAnIndex(path: [UInt8])
    /// The path of the file is not text of UTF-8.
    case notText(path: [UInt8])
    /// The disk is full.
    case diskFull
    /// A row is not what was written.
    case damaged
    /// The database failed; the value is its result code.
    case failed(code: Int)

    /// What is wrong, in one sentence without a full stop.
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .notAnIndex(let path): "\(printable(path)): is no index, and so is not replaced"
        case .notText(let path): "\(printable(path)): the name of an index must be UTF-8"
        case .diskFull: "the disk is full: the index cannot be written"
        case .damaged: "the index holds something else than was written"
        case .failed(let code): "the index cannot be used: SQLite gave the code \(code)"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch self {
        case .file, .notText:
            "name a new file in a folder that you can write to, or give no --index"
        case .notAnIndex: "name a new file, or remove this one"
        case .diskFull: "make space; without --index it lies in the folder for temporary files"
        case .damaged, .failed: "start the console again: it makes the index anew"
        }
    }

    /// What an error of the database means; its text is dropped.
    init(_ error: any Error) {
        switch error {
        case let error as IndexError: self = error
        case let error as FileError: self = .file(error)
        case let error as DatabaseError:
            self =
                switch error.resultCode {
                case .SQLITE_FULL: .diskFull
                case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
                default: .failed(code: Int(error.extendedResultCode.rawValue))
                }
        case is RowDecodingError: self = .damaged
        default: self = .failed(code: -1)
        }
    }
}
