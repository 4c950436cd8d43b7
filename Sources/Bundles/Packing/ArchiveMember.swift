package import CloseoutManifests

/// One file, folder or link of a packed bundle (docs/pack.md, "Members").
package struct ArchiveMember: Equatable, Sendable {
    /// What it is; what a folder holds are members of their own.
    package typealias Kind = StreamedArtifact.Kind

    /// Its path in the archive, without a slash at its end.
    package let path: [UInt8]
    /// What it is.
    package let kind: Kind

    package init(path: [UInt8], kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// How many bytes follow the header.
    package var size: Int {
        if case .file(let size, _) = kind { size } else { 0 }
    }

    /// The path as a header has it: that of a folder ends in a slash.
    private var writtenPath: [UInt8] {
        kind == .directory ? path + [UInt8(ascii: "/")] : path
    }

    private var target: [UInt8] {
        if case .symlink(let target) = kind { target } else { [] }
    }

    /// The one form of the member's header: a block, and before it, where a field cannot hold its
    /// value, a pax header with the records that do.
    package var header: [UInt8] {
        var records = PaxRecords()
        if !ArchiveFormat.fits(target) { records.target = target }
        if !ArchiveFormat.fits(writtenPath) { records.path = writtenPath }
        if size > ArchiveFormat.largestSize { records.size = size }
        var block = HeaderBlock()
        block.name = records.path == nil ? writtenPath : ArchiveFormat.replacedPath
        block.target = records.target == nil ? target : ArchiveFormat.replacedTarget
        block.size = records.size == nil ? size : 0
        switch kind {
        case .directory: (block.type, block.mode) = (.directory, 0o755)
        case .file(_, let mode): (block.type, block.mode) = (.file, mode)
        case .symlink: (block.type, block.mode) = (.symlink, 0o777)
        }
        return records.header + block.bytes
    }
}

/// What all headers have in common (docs/pack.md, "Header").
package enum ArchiveFormat {
    /// All lengths in the archive are multiples of this.
    package static let blockSize = 512
    /// The archive's last bytes: two blocks of zeros.
    package static let end = [UInt8](repeating: 0, count: 2 * blockSize)
    /// The largest size that the eleven octal digits of a header hold.
    static let largestSize = 0o777_7777_7777
    /// The most bytes of a pax header's records.
    static let largestRecords = 16 * 1024
    /// The name of every pax header.
    static let recordsName = Array("pax-header".utf8)
    /// What a header has for a path that its pax header holds.
    static let replacedPath = Array("pax-path".utf8)
    /// What a header has for a target that its pax header holds.
    static let replacedTarget = Array("pax-linkpath".utf8)

    /// Whether a field of 100 bytes holds the text in every locale: printable ASCII.
    static func fits(_ text: [UInt8]) -> Bool {
        text.count <= 100 && text.allSatisfy { 0x20...0x7E ~= $0 }
    }

    /// How many zeros fill the last block of so many bytes.
    package static func padding(behind size: Int) -> Int {
        (blockSize - size % blockSize) % blockSize
    }
}
