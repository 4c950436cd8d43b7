import CloseoutEncodings
import CloseoutOpenSSL
import Synchronization

/// The secrets of one run of a console: a token that opens it once, and the session that the token is exchanged for.
final class Keyring: Sendable {
    /// The token of the first address.
    let token: String
    private let cookie: ConsoleCookie
    private let session: String
    private let isUsed = Mutex(false)

    /// Makes new secrets.
    ///
    /// - Throws: `OpenSSLError` where there are no random bytes.
    init(cookie: ConsoleCookie) throws(OpenSSLError) {
        token = Hex.string(try randomBytes(32))
        session = Hex.string(try randomBytes(32))
        self.cookie = cookie
    }

    /// Exchanges the token for the session, once.
    ///
    /// - Returns: The line that sets the cookie; nil where it is not the token, or was exchanged before.
    func exchange(_ token: [UInt8]) -> String? {
        guard isSame(token, Array(self.token.utf8)) else { return nil }
        let isFirst = isUsed.withLock { isUsed in
            defer { isUsed = true }
            return !isUsed
        }
        return isFirst ? cookie.line(session, to: .own) : nil
    }

    /// Whether one of the cookies is the session.
    func opens(_ cookies: String) -> Bool {
        cookie.values(in: cookies).contains { isSame($0, Array(session.utf8)) }
    }
}
