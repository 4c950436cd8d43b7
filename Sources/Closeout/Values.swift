internal import CloseoutEncodings
internal import CloseoutManifests
internal import CloseoutOpenSSL

/// A SHA-256 digest.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    let inner: CloseoutOpenSSL.SHA256Digest

    init(_ inner: CloseoutOpenSSL.SHA256Digest) {
        self.inner = inner
    }

    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// - Returns: The digest; nil for any other text.
    public init?(hex: String) {
        guard let inner = CloseoutOpenSSL.SHA256Digest(hex: Array(hex.utf8)) else { return nil }
        self.inner = inner
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { inner.bytes }

    /// The digest as 64 lower-case hexadecimal digits.
    public var description: String { inner.hex }
}

/// A whole second of UTC, in the years 1 to 9999.
///
/// The library reads no clock: whoever calls it says which time it is.
public struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    let inner: CloseoutEncodings.Instant

    init(_ inner: CloseoutEncodings.Instant) {
        self.inner = inner
    }

    /// The instant a number of seconds after 1970 began, leap seconds not counted.
    ///
    /// - Returns: The instant; nil outside of the years 1 to 9999.
    public init?(secondsSince1970: Int64) {
        guard let inner = CloseoutEncodings.Instant(secondsSince1970: secondsSince1970) else {
            return nil
        }
        self.inner = inner
    }

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`.
    ///
    /// - Returns: The instant; nil for any other form, and for days that do not exist.
    public init?(_ text: String) {
        guard let inner = CloseoutEncodings.Instant(parsing: Array(text.utf8)) else { return nil }
        self.inner = inner
    }

    /// Seconds since 1970 began, leap seconds not counted.
    public var secondsSince1970: Int64 { inner.secondsSince1970 }

    /// The instant as `YYYY-MM-DDTHH:MM:SSZ`.
    public var description: String { inner.description }

    /// Whether the first instant is before the second.
    public static func < (left: Instant, right: Instant) -> Bool { left.inner < right.inner }
}

/// The release that a bundle is about: a name and a version.
public struct Release: Hashable, Sendable, CustomStringConvertible {
    let inner: CloseoutManifests.Release

    init(_ inner: CloseoutManifests.Release) {
        self.inner = inner
    }

    /// Reads `NAME@VERSION`.
    ///
    /// - Parameter text: The name, whose parts are joined by `/`, and the version. A part has at most 64
    ///   letters, digits and `.`, `_`, `+`, `-`, and begins with a letter or digit.
    /// - Throws: ``FormatError/release(_:)``.
    public init(_ text: String) throws(FormatError) {
        do { inner = try CloseoutManifests.Release(parsing: text) } catch {
            throw .release("\(error)")
        }
    }

    /// The name.
    public var name: String { inner.name }

    /// The version.
    public var version: String { inner.version }

    /// The release as `NAME@VERSION`.
    public var description: String { inner.description }
}
