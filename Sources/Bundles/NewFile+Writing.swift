import CloseoutFiles
import CloseoutOpenSSL

extension NewFile {
    /// Copies a file's bytes to the storage and returns their digest and count.
    func write(
        as temporary: [UInt8], in directory: borrowing Directory
    ) throws(BundleError) -> (SHA256Digest, Int) {
        do {
            return try reportingBundleErrors { () throws -> (SHA256Digest, Int) in
                switch content {
                case .bytes(let bytes):
                    if let limit = kind.byteLimit, bytes.count > limit {
                        throw BundleError.limit("\(kind.rawValue) of \(bytes.count) bytes")
                    }
                    guard !PrivateKeyScanner.finds(in: bytes) else {
                        throw BundleError.privateKey(path: Array(kind.rawValue.utf8))
                    }
                    try directory.write(new: temporary, bytes)
                    return (try SHA256Digest.of(bytes), bytes.count)
                case .file(let path):
                    return try Self.copy(path, as: temporary, in: directory)
                }
            }
        } catch {
            try? directory.remove(temporary)
            throw error
        }
    }

    private static func copy(
        _ path: [UInt8], as temporary: [UInt8], in directory: borrowing Directory
    ) throws -> (SHA256Digest, Int) {
        var input = try openFile(path)
        let output = try directory.create(temporary)
        var context = try DigestContext(.sha256)
        var scanner = PrivateKeyScanner()
        var buffer = [UInt8](repeating: 0, count: FileReading.pieceSize)
        var size = 0
        while case let count = try input.read(into: &buffer), count > 0 {
            let piece = buffer[..<count]
            try context.update(piece.span)
            scanner.scan(piece)
            try output.write(Array(piece))
            size += count
        }
        guard !scanner.found else { throw BundleError.privateKey(path: path) }
        try output.sync()
        return (try context.finishSHA256(), size)
    }
}
