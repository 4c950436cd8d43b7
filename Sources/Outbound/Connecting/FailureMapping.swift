internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Turns errors of the client into cases, by their type and case and never by their text.
///
/// Their texts hold what must not be kept: values of header fields, host names, paths of the machine that built
/// the client.
enum FailureMapping {
    /// The failure of a request of which nothing has left.
    static func failureBeforeSending(_ error: any Error) -> OutboundFailure {
        switch error {
        case is CancellationError: .cancelled
        case let error as HTTPClientError: failure(error)
        case let error as IOError: failure(errno: error.errnoCode)
        case NIOSSLError.handshakeFailed(let reason): handshakeFailure(reason)
        case let error as NIOSSLExtraError:
            error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
                ? .certificateNotAccepted : .tlsFailed
        case NIOSSLError.uncleanShutdown: .connectionFailed
        case is NIOSSLError, is BoringSSLError: .tlsFailed
        case ChannelError.connectTimeout: .timedOut(.connection)
        default: .connectionFailed
        }
    }

    /// What ended an exchange of which something may have left.
    static func interruption(_ error: any Error) -> OutboundFailure.Interruption {
        switch error {
        case is CancellationError: .cancelled
        case HTTPParserError.headerOverflow: .headTooLarge
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection: .cut
        case is HTTPParserError: .malformed
        case NIOSSLError.uncleanShutdown: .cut
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: .tlsFailed
        case let error as HTTPClientError where error == .cancelled: .cancelled
        default: .cut
        }
    }

    private static func failure(_ error: HTTPClientError) -> OutboundFailure {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
            .deadlineExceeded:
            .timedOut(.connection)
        case .remoteConnectionClosed: .connectionFailed
        default: .notSent
        }
    }

    private static func failure(errno code: CInt) -> OutboundFailure {
        switch code {
        case ECONNREFUSED: .connectionRefused
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL, EAFNOSUPPORT, EACCES,
            EPERM:
            .unreachable
        case ETIMEDOUT: .timedOut(.connection)
        default: .connectionFailed
        }
    }

    private static func handshakeFailure(_ reason: BoringSSLError) -> OutboundFailure {
        guard case .sslError(let errors) = reason else {
            return reason == .syscallError ? .connectionFailed : .tlsFailed
        }
        if errors == [.eofDuringHandshake] { return .connectionFailed }
        return errors.contains { number(of: $0) == certificateVerifyFailed }
            ? .certificateNotAccepted : .tlsFailed
    }

    /// `SSL_R_CERTIFICATE_VERIFY_FAILED` (125) of `ERR_LIB_SSL` (16), as libcrypto has packed them for decades.
    private static let certificateVerifyFailed: UInt32 = 16 << 24 | 125

    /// The number of an error of BoringSSL: it is shown nowhere but between the first blanks of the description.
    private static func number(of error: BoringSSLInternalError) -> UInt32? {
        let words = error.description.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? UInt32(words[1]) : nil
    }
}
