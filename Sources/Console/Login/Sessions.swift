import CloseoutEncodings
import CloseoutOpenSSL
import Synchronization

/// Who is logged in: in memory, each for a limited time.
final class Sessions: Sendable {
    private struct Session {
        let visitor: Visitor
        let ends: Int64
        var lastSeen: Int64
    }

    /// The most at a time.
    private static let most = 1_000
    /// The most of one person, whose oldest ends when there is another.
    private static let mostOfOne = 8

    private let idleTime: Int64
    private let sessions = Mutex<[SHA256Digest: Session]>([:])

    /// - Parameter idleTime: The seconds without a request after which a session ends.
    init(idleTime: Int64) {
        self.idleTime = idleTime
    }

    /// Begins a session.
    ///
    /// - Returns: Its secret; nil where there are too many.
    func begin(_ visitor: Visitor, at now: Instant, for seconds: Int64) throws(OpenSSLError)
        -> String?
    {
        let secret = Hex.string(try randomBytes(32))
        let name = try SHA256Digest.of(Array(secret.utf8))
        let time = now.secondsSince1970
        let isBegun = sessions.withLock { sessions in
            sessions = sessions.filter { isOpen($0.value, at: time) }
            let theirs = sessions.filter { $0.value.visitor.person == visitor.person }
            if theirs.count >= Self.mostOfOne,
                let oldest = theirs.min(by: { $0.value.lastSeen < $1.value.lastSeen })
            {
                sessions[oldest.key] = nil
            }
            guard sessions.count < Self.most else { return false }
            sessions[name] = Session(visitor: visitor, ends: time + seconds, lastSeen: time)
            return true
        }
        return isBegun ? secret : nil
    }

    /// Whose session a secret is; nil where it is of none, or that has ended.
    func visitor(_ secret: [UInt8], at now: Instant) -> Visitor? {
        guard secret.count == 64, let name = try? SHA256Digest.of(secret) else { return nil }
        let time = now.secondsSince1970
        return sessions.withLock { sessions in
            guard let session = sessions[name] else { return nil }
            guard isOpen(session, at: time) else {
                sessions[name] = nil
                return nil
            }
            sessions[name]?.lastSeen = time
            return session.visitor
        }
    }

    /// Ends a session.
    func end(_ secret: [UInt8]) {
        guard let name = try? SHA256Digest.of(secret) else { return }
        sessions.withLock { $0[name] = nil }
    }

    private func isOpen(_ session: Session, at time: Int64) -> Bool {
        time < session.ends && time - session.lastSeen < idleTime
    }
}
