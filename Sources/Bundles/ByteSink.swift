import CloseoutOpenSSL

/// Takes the bytes of one file.
protocol ByteSink: ~Copyable {
    /// Called once with the size, before any bytes.
    mutating func begin(size: Int) throws
    /// Takes the next bytes.
    mutating func take(_ piece: ArraySlice<UInt8>) throws
}

/// Keeps all bytes.
struct KeptBytes: ByteSink {
    private(set) var bytes: [UInt8] = []

    mutating func begin(size: Int) { bytes.reserveCapacity(size) }

    mutating func take(_ piece: ArraySlice<UInt8>) { bytes += piece }
}

/// Keeps the digest, and whether a private key is among the bytes.
struct HashedBytes: ~Copyable, ByteSink {
    private var context: DigestContext
    private var scanner = PrivateKeyScanner()
    private var size = 0

    init() throws(OpenSSLError) {
        context = try DigestContext(.sha256)
    }

    mutating func begin(size: Int) {}

    mutating func take(_ piece: ArraySlice<UInt8>) throws {
        try context.update(piece.span)
        scanner.scan(piece)
        size += piece.count
    }

    /// The result.
    mutating func reading() throws(OpenSSLError) -> FileReading {
        .hashed(try context.finishSHA256(), size: size, holdsPrivateKey: scanner.found)
    }
}
