import CloseoutEncodings
import CloseoutOpenSSL
import Synchronization

/// The logins that browsers have begun.
///
/// A browser keeps a random number, and all secrets of its login are computed from that and a key of this console: so
/// whoever begins logins and ends none fills no memory. What was used is remembered until it would be too old.
final class LoginAttempts: Sendable {
    /// One login.
    struct Attempt: Sendable {
        /// What the browser keeps.
        let cookie: String
        /// What the provider sends back with the browser.
        let state: String
        /// What the provider puts into the token.
        let nonce: String
        /// What shows the provider that code and login belong together (RFC 7636).
        let verifier: String
    }

    /// The seconds that a login may take.
    static let longest: Int64 = 600
    /// The most used logins that are remembered; with as many, nobody can log in until some are too old.
    private static let mostUsed = 100_000

    private let key: [UInt8]
    private let used = Mutex<[String: Int64]>([:])

    /// - Throws: `OpenSSLError` where there are no random bytes.
    init() throws(OpenSSLError) {
        key = try randomBytes(32)
    }

    /// Begins a login.
    ///
    /// - Throws: `OpenSSLError` where there are no random bytes.
    func begin(at now: Instant) throws(OpenSSLError) -> Attempt {
        try attempt("\(Hex.string(try randomBytes(32))).\(now.secondsSince1970)")
    }

    /// Finds the login of a browser that comes back, and uses it up.
    ///
    /// - Parameters:
    ///   - cookies: What the browser keeps.
    ///   - state: What the provider sent back with it.
    ///   - now: When that is.
    /// - Returns: The login; nil where it did not begin in this browser, was used before or is too old.
    /// - Throws: `OpenSSLError` where the secrets cannot be computed.
    func use(_ cookies: [[UInt8]], state: [UInt8], at now: Instant) throws(OpenSSLError) -> Attempt?
    {
        for cookie in cookies.prefix(4) {
            let parts = cookie.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].count == 64, (1...12).contains(parts[1].count),
                let begun = Int64(String(decoding: parts[1], as: UTF8.self))
            else { continue }
            let attempt = try attempt(String(decoding: cookie, as: UTF8.self))
            let time = now.secondsSince1970
            guard isSame(Array(attempt.state.utf8), state), begun <= time,
                time <= begun + Self.longest
            else { continue }
            let isFirst = used.withLock { used in
                if used.count >= Self.mostUsed { used = used.filter { $0.value >= time } }
                guard used[attempt.state] == nil, used.count < Self.mostUsed else { return false }
                used[attempt.state] = begun + Self.longest
                return true
            }
            return isFirst ? attempt : nil
        }
        return nil
    }

    private func attempt(_ cookie: String) throws(OpenSSLError) -> Attempt {
        Attempt(
            cookie: cookie, state: Hex.string(try secret("state", cookie)),
            nonce: Hex.string(try secret("nonce", cookie)),
            verifier: Hex.string(try secret("verifier", cookie)))
    }

    private func secret(_ name: String, _ cookie: String) throws(OpenSSLError) -> [UInt8] {
        try HMAC.sha256(key: key, over: Array("\(name):\(cookie)".utf8))
    }
}

extension LoginAttempts.Attempt {
    /// What the provider gets for the verifier (RFC 7636, section 4.2).
    var challenge: String {
        get throws(OpenSSLError) {
            base64URL(try SHA256Digest.of(Array(verifier.utf8)).bytes)
        }
    }
}

/// Base64 of the alphabet for URLs, without padding.
func base64URL(_ bytes: [UInt8]) -> String {
    Base64.string(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing(
        "=", with: "")
}
