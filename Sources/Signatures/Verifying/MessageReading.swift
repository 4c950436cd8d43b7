import CloseoutOpenSSL

/// Reads a message for what its signatures need of it, and no more of it into memory than they need.
struct MessageReading {
    /// The most bytes from a pipe that signatures over the bytes themselves are checked over.
    static let mostHeld = 256 << 20
    /// Bytes that are read at a time, and as a whole where there are fewer.
    static let pieceSize = 256 << 10
    /// Bytes that are read at a time to fill a piece that came in parts.
    private static let restSize = 4 << 10

    private let needs: MessageNeeds
    private var known: [MessageDigest: [UInt8]] = [:]
    private var region: (any ByteRegion)?
    private var buffer: [UInt8] = []

    init(needs: MessageNeeds) {
        self.needs = needs
    }

    /// Reads a message for the first time.
    mutating func first<Source: ByteSource>(of source: inout Source) throws -> Message {
        guard source.count == nil else { return try read(&source, needs.digests) }
        // A pipe gives its bytes once.
        if needs.bytes { return try hold(&source) }
        let equality: Set = [MessageDigest(.sha256)]
        return try read(&source, needs.digests.union(needs.reasons).union(equality))
    }

    /// Reads a message again for what was asked for in vain.
    ///
    /// - Returns: What is known then; `nil` where nothing was asked for in vain.
    mutating func more<Source: ByteSource>(
        than message: Message, of source: inout Source
    ) throws -> Message? {
        guard case .streamed(let message) = message else { return nil }
        let wanted = message.wanted
        guard wanted.bytes || !wanted.digests.isEmpty else { return nil }
        guard source.count != nil else { throw ByteSourceError.isUsedUp }
        if wanted.bytes { region = try source.region() }
        guard !wanted.digests.isEmpty else { return .streamed(message.with(known, region)) }
        source.rewind()
        return try read(&source, wanted.digests.union(needs.reasons).subtracting(known.keys))
    }

    /// Reads a message through these digests; one for which there are none, up to its first piece only.
    private mutating func read<Source: ByteSource>(
        _ source: inout Source, _ digests: Set<MessageDigest>
    ) throws -> Message {
        let beginning = try piece(of: &source)
        var count = beginning.count
        guard count == Self.pieceSize else { return .bytes(beginning) }
        if digests.isEmpty, let whole = source.count {
            count = whole
        } else {
            let hasher = try MessageHasher(digests)
            try hasher.update(beginning.span)
            while true {
                let read = try source.read(into: &buffer)
                guard read > 0 else { break }
                try hasher.update(buffer.span.extracting(first: read))
                count += read
            }
            try known.merge(hasher.finish()) { $1 }
        }
        return .streamed(
            StreamedMessage(count: count, beginning: beginning, digests: known, region: region))
    }

    /// The first piece, which is shorter only where the message is.
    private mutating func piece<Source: ByteSource>(of source: inout Source) throws -> [UInt8] {
        // Most messages are much shorter than a piece, and memory has to be cleared.
        let expected = source.count.map { min($0, Self.pieceSize) } ?? Self.pieceSize
        var piece = [UInt8](repeating: 0, count: expected)
        if expected > 0 { piece.removeLast(expected - (try source.read(into: &piece))) }
        buffer = [UInt8](repeating: 0, count: Self.restSize)
        while piece.count < Self.pieceSize {
            buffer.removeLast(max(0, buffer.count + piece.count - Self.pieceSize))
            let read = try source.read(into: &buffer)
            guard read > 0 else { return piece }
            piece += buffer[..<read]
        }
        buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        return piece
    }

    /// Takes all bytes into memory.
    private mutating func hold<Source: ByteSource>(_ source: inout Source) throws -> Message {
        var bytes: [UInt8] = []
        buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        while true {
            let read = try source.read(into: &buffer)
            guard read > 0 else { return .bytes(bytes) }
            guard bytes.count + read <= Self.mostHeld else {
                throw ByteSourceError.tooLong(limit: Self.mostHeld)
            }
            bytes += buffer[..<read]
        }
    }
}
