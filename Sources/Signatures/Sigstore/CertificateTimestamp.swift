import CloseoutEncodings
import CloseoutOpenSSL

/// A time-stamp of a certificate by a log of certificates (RFC 6962, 3.2); nothing in it is believed.
struct CertificateTimestamp: Equatable, Sendable {
    /// What names the log: the SHA-256 of its key.
    let logIdentifier: [UInt8]
    /// When the log saw the certificate, in milliseconds since 1970.
    let milliseconds: UInt64
    /// What the log added, which it signed too.
    let extensions: [UInt8]
    /// The hash of the signature, as TLS numbers it.
    let hash: UInt8
    /// The kind of key of the signature, as TLS numbers it.
    let keyKind: UInt8
    /// The signature.
    let signature: [UInt8]

    /// The extension that holds the list.
    static let listIdentifier = "1.3.6.1.4.1.11129.2.4.2"

    /// When the log saw the certificate; nil beyond what any clock shows.
    var instant: SigstoreInstant? {
        guard milliseconds < 1 << 52 else { return nil }
        return SigstoreInstant(
            seconds: Int64(milliseconds / 1000), nanoseconds: Int64(milliseconds % 1000) * 1_000_000
        )
    }

    /// Reads a list; nil for anything but one or more whole time-stamps and nothing behind them.
    ///
    /// - Returns: The time-stamps of the first version; those of others are nobody's.
    static func list(_ bytes: [UInt8]) -> [CertificateTimestamp]? {
        var outer = TLSReader(bytes[...])
        guard let content = outer.vector(), outer.isAtEnd, !content.isEmpty else { return nil }
        var list = TLSReader(content)
        var all: [CertificateTimestamp] = []
        while !list.isAtEnd {
            guard let one = list.vector(), let version = one.first, all.count < 64 else {
                return nil
            }
            guard version == 0 else { continue }
            guard let stamp = CertificateTimestamp(one) else { return nil }
            all.append(stamp)
        }
        return all
    }

    private init?(_ bytes: ArraySlice<UInt8>) {
        var reader = TLSReader(bytes)
        guard reader.take(1) != nil, let log = reader.take(32), let time = reader.take(8),
            let extensions = reader.vector(), let kinds = reader.take(2),
            let signature = reader.vector(), reader.isAtEnd, !signature.isEmpty
        else { return nil }
        logIdentifier = Array(log)
        milliseconds = time.reduce(0) { $0 << 8 | UInt64($1) }
        self.extensions = Array(extensions)
        (hash, keyKind) = (kinds[kinds.startIndex], kinds[kinds.startIndex + 1])
        self.signature = Array(signature)
    }

    /// The bytes that a log signs of a certificate that its time-stamps were taken out of.
    func signedBytes(of body: [UInt8], issuerKey: SHA256Digest) -> [UInt8] {
        let version: [UInt8] = [0, 0]
        let kind: [UInt8] = [0, 1]
        return version + bigEndian(milliseconds, 8) + kind + issuerKey.bytes
            + bigEndian(UInt64(body.count), 3) + body + bigEndian(UInt64(extensions.count), 2)
            + extensions
    }

    /// Whether a log made the signature, whose kind must be that of the log's key.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    func isSigned(
        by log: SigstoreRoot.Log, over bytes: [UInt8]
    ) throws(OpenSSLError) -> Bool {
        let kind: UInt8 = log.key.type == .rsa ? 1 : 3
        guard hash == 4, keyKind == kind, log.algorithm.digest == .sha256 else { return false }
        return try log.key.accepts(signature, over: bytes, algorithm: log.algorithm)
    }

    private func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
}

/// Reads what TLS's presentation language writes.
private struct TLSReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Bytes behind a length of two bytes.
    mutating func vector() -> ArraySlice<UInt8>? {
        take(2).flatMap { length in take(length.reduce(0) { $0 << 8 | Int($1) }) }
    }
}
