import CloseoutFiles
import CloseoutOpenSSL
import GRDB

/// Why the outbox could not do something.
///
/// It holds numbers and cases only: no statement, no value and no text of the database.
package enum OutboxError: Error, Hashable, Sendable {
    /// There is no outbox at the place, and none was to be made.
    case missing
    /// The file or its folder cannot be opened.
    case cannotOpen
    /// The file is a link or no regular file.
    case notRegular
    /// Others than its owner may read or write the file.
    case openToOthers(mode: UInt16)
    /// The file is no outbox.
    case notOurs
    /// A later version of this program made the file.
    case newerVersion(Int)
    /// The file cannot be kept as safely as it must be.
    case unsafeSettings
    /// Others have held it too long.
    case busy
    /// The disk is full: nothing can be recorded, so nothing may be sent.
    case diskFull
    /// The file cannot be written.
    case readOnly
    /// What the file holds is not what was written.
    case damaged
    /// The database failed; the value is its result code.
    case failed(code: Int)
    /// libcrypto failed.
    case libcrypto

    /// What was given has a form that is not allowed.
    case refused(Field)
    /// An event has the id and is another one.
    case eventDiffers
    /// There is no such delivery.
    case unknownDelivery
    /// The lease has ended, or another holds the delivery.
    case leaseLost
    /// The circuit of the delivery's route opened after it was claimed.
    case circuitOpen
    /// The delivery is in a state in which it is not sent again.
    case notReplayable(DeliveryState)

    /// A live run used the plan or the review before.
    case runUsed
    /// The file was removed, or another took its place: what is written there is lost.
    case replaced

    /// What can be refused for its form.
    package enum Field: String, CaseIterable, Sendable {
        case event, kind, route, provider, delivery, body, code
    }

    /// Whether only what was asked for is to blame, and other work on the file can go on.
    var isOfOneRequest: Bool {
        switch self {
        case .refused, .eventDiffers, .unknownDelivery, .leaseLost, .circuitOpen,
            .notReplayable, .runUsed, .damaged:
            true
        default: false
        }
    }
}

extension OutboxError {
    /// What an error of the database, of a row or of libcrypto means; its text is dropped.
    init(_ error: any Error) {
        switch error {
        case let error as OutboxError: self = error
        case let error as DatabaseError: self.init(error.extendedResultCode)
        case is RowDecodingError: self = .damaged
        case is OpenSSLError: self = .libcrypto
        case let error as FileError: self.init(error)
        default: self = .failed(code: -1)
        }
    }

    private init(_ code: ResultCode) {
        switch code {
        // What grows the file of shared memory fails for want of space only.
        case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE: self = .diskFull
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .busy
        case .SQLITE_CORRUPT: self = .damaged
        case .SQLITE_NOTADB: self = .notOurs
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen
        case .SQLITE_READONLY: self = .readOnly
        default: self = .failed(code: Int(code.rawValue))
        }
    }

    private init(_ error: FileError) {
        if case .locked = error.cause {
            self = .busy
        } else if error.isDiskFull {
            self = .diskFull
        } else {
            self = .cannotOpen
        }
    }
}
