import CloseoutEncodings
import CloseoutOpenSSL
import Synchronization

/// The secrets of one run of a console: a token that opens it once, and the session that the token is exchanged for.
final class Keyring: Sendable {
    /// The token of the first address.
    let token: String
    /// The name of the cookie, which has the console's port: cookies know none.
    let cookie: String
    private let session: String
    private let isUsed = Mutex(false)

    /// Makes new secrets.
    ///
    /// - Throws: `OpenSSLError` where there are no random bytes.
    init(port: Int) throws(OpenSSLError) {
        token = Hex.string(try randomBytes(32))
        session = Hex.string(try randomBytes(32))
        cookie = "closeout-\(port)"
    }

    /// Exchanges the token for the session, once.
    ///
    /// - Returns: The line that sets the cookie; nil where it is not the token, or was exchanged before.
    func exchange(_ token: [UInt8]) -> String? {
        guard Self.isSame(token, Array(self.token.utf8)) else { return nil }
        let isFirst = isUsed.withLock { isUsed in
            defer { isUsed = true }
            return !isUsed
        }
        return isFirst ? "\(cookie)=\(session); Path=/; HttpOnly; SameSite=Strict" : nil
    }

    /// Whether one of the cookies is the session.
    func opens(_ cookies: String) -> Bool {
        cookies.utf8.split(separator: UInt8(ascii: ";")).contains { part in
            let part = part.drop { $0 == UInt8(ascii: " ") }
            let prefix = "\(cookie)=".utf8
            return part.starts(with: prefix)
                && Self.isSame(Array(part.dropFirst(prefix.count)), Array(session.utf8))
        }
    }

    /// Compares without telling by its time how much is right.
    private static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }
}
