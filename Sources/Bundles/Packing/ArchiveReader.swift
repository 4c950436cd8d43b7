import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests

/// Why a packed bundle is not taken.
package enum ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is not of the form of docs/pack.md.
    case refused(offset: Int, reason: String)
    /// The operating system refused.
    case file(FileError)

    package var description: String {
        switch self {
        case .refused(let offset, let reason): "the member at byte \(offset) \(reason)"
        case .file(let error): "\(error)"
        }
    }
}

/// Reads the members of a packed bundle from the first to the last, and takes the one form that
/// `pack` writes (docs/pack.md).
package struct ArchiveReader<Bytes: ArchiveBytes>: Sendable {
    /// A member, and where its bytes are.
    package struct Found: Equatable, Sendable {
        /// The member, with its path in the archive.
        package let member: ArchiveMember
        /// Its path below the top folder; empty for that folder itself.
        package let inner: [UInt8]
        /// Where in the archive its bytes begin.
        package let offset: Int
    }

    private var window: ArchiveWindow<Bytes>
    private var rules = ArchiveRules()
    private var offset = 0

    /// Starts at the beginning.
    package init(_ bytes: Bytes) {
        window = ArchiveWindow(bytes)
    }

    /// The next member, whose place, name and header have been checked.
    ///
    /// - Returns: nil behind the last member, where the archive ends as it must.
    /// - Throws: `ArchiveError`.
    package mutating func next() throws(ArchiveError) -> Found? {
        let start = offset
        do {
            return try readNext()
        } catch let refusal as Refusal {
            throw .refused(offset: start, reason: refusal.reason)
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .refused(offset: start, reason: "\(error)")
        }
    }

    private mutating func readNext() throws -> Found? {
        var header = try take(ArchiveFormat.blockSize)
        if header.allSatisfy({ $0 == 0 }) {
            try checkEnd()
            return nil
        }
        var block = try HeaderBlock(parsing: header)
        var records = PaxRecords()
        if block.type == .records {
            let (found, bytes) = try readRecords(block.size)
            records = found
            let second = try take(ArchiveFormat.blockSize)
            block = try HeaderBlock(parsing: second)
            header += bytes + second
        }
        let member = try ArchiveMember(block, records)
        guard member.header == header else {
            throw Refusal("\(printable(member.path)) has a header in another form than pack writes")
        }
        do {
            let inner = try rules.check(member)
            let place = offset
            try skipContents(of: member)
            return Found(member: member, inner: inner, offset: place)
        } catch let refusal as Refusal {
            throw Refusal("\(printable(member.path)) \(refusal.reason)")
        }
    }

    /// The records of a pax header, and all their bytes with the zeros behind them.
    private mutating func readRecords(_ size: Int) throws -> (PaxRecords, [UInt8]) {
        guard 1...ArchiveFormat.largestRecords ~= size else {
            throw Refusal("has a pax header of \(size) bytes")
        }
        let bytes = try take(size + ArchiveFormat.padding(behind: size))
        return (try PaxRecords(parsing: Array(bytes.prefix(size))), bytes)
    }

    /// Goes behind a file's bytes and the zeros that fill its last block.
    private mutating func skipContents(of member: ArchiveMember) throws {
        guard member.size <= window.source.count - offset else {
            throw Refusal("has more bytes than the archive")
        }
        offset += member.size
        let padding = try take(ArchiveFormat.padding(behind: member.size))
        guard padding.allSatisfy({ $0 == 0 }) else {
            throw Refusal("is filled up with other bytes than zeros")
        }
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        let bytes = try window.bytes(at: offset, count: count)
        guard bytes.count == count else { throw Refusal("is cut off") }
        offset += count
        return bytes
    }

    /// The first block of zeros has been read.
    private mutating func checkEnd() throws {
        guard rules.hasBegun else { throw Refusal("holds nothing") }
        let rest = try take(ArchiveFormat.end.count - ArchiveFormat.blockSize)
        guard rest.allSatisfy({ $0 == 0 }) else { throw Refusal("ends in one block of zeros") }
        guard offset == window.source.count else { throw Refusal("has bytes behind its end") }
    }
}

extension ArchiveMember {
    /// Puts a member together from its header.
    ///
    /// - Throws: `Refusal` where a pax header follows another, or a name is empty.
    fileprivate init(_ block: HeaderBlock, _ records: PaxRecords) throws(Refusal) {
        let name = records.path ?? block.name
        switch block.type {
        case .records: throw Refusal("is a pax header behind another")
        case .directory:
            guard name.last == UInt8(ascii: "/") else {
                throw Refusal("is a folder without a slash at its end")
            }
            self.init(path: name.dropLast(), kind: .directory)
        case .file:
            let size = records.size ?? block.size
            self.init(path: name, kind: .file(size: size, mode: block.mode))
        case .symlink:
            self.init(path: name, kind: .symlink(target: records.target ?? block.target))
        }
    }
}
