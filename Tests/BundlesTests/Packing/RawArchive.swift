import CloseoutBundles

/// A member of an archive written field by field, right or wrong.
struct RawMember {
    var name: [UInt8]
    var type = UInt8(ascii: "0")
    var mode = "0000644"
    var owner = "0000000"
    var time = "00000000000"
    /// The size that the header tells, where it is not that of the contents.
    var size: String?
    var link: [UInt8] = []
    var magic = "ustar\0" + "00"
    var ownerName = ""
    var prefix = ""
    var contents: [UInt8] = []
    var padding: UInt8 = 0
    /// What is added to the checksum.
    var checksumError = 0

    init(_ name: String, _ contents: String = "") {
        self.name = Array(name.utf8)
        self.contents = Array(contents.utf8)
    }

    /// A folder.
    static func folder(_ name: String) -> RawMember {
        var member = RawMember(name + "/")
        member.type = UInt8(ascii: "5")
        member.mode = "0000755"
        return member
    }

    /// A symbolic link.
    static func link(_ name: String, to target: String) -> RawMember {
        var member = RawMember(name)
        member.type = UInt8(ascii: "2")
        member.mode = "0000777"
        member.link = Array(target.utf8)
        return member
    }

    /// A pax header with these records as they are.
    static func records(_ text: String) -> RawMember {
        var member = RawMember("pax-header", text)
        member.type = UInt8(ascii: "x")
        return member
    }

    /// The same with some change.
    func with(_ change: (inout RawMember) -> Void) -> RawMember {
        var copy = self
        change(&copy)
        return copy
    }

    var bytes: [UInt8] {
        let octal = String(contents.count, radix: 8)
        let reported = size ?? String(repeating: "0", count: 11 - octal.utf8.count) + octal
        var head: [UInt8] = []
        func field(_ text: [UInt8], _ count: Int) {
            head += text.prefix(count)
            head += [UInt8](repeating: 0, count: max(0, count - text.count))
        }
        field(name, 100)
        field(Array(mode.utf8), 8)
        field(Array(owner.utf8), 8)
        field(Array("0000000".utf8), 8)
        field(Array(reported.utf8), 12)
        field(Array(time.utf8), 12)
        field(Array("        ".utf8), 8)
        field([type], 1)
        field(link, 100)
        field(Array(magic.utf8), 8)
        field(Array(ownerName.utf8), 64)
        field(Array("0000000\0".utf8) + Array("0000000\0".utf8), 16)
        field(Array(prefix.utf8), 155)
        field([], 12)
        let sum = String(head.reduce(0) { $0 + Int($1) } + checksumError, radix: 8)
        let digits = String(repeating: "0", count: 6 - sum.utf8.count) + sum
        head.replaceSubrange(148..<156, with: Array("\(digits)\0 ".utf8))
        let rest = (512 - contents.count % 512) % 512
        return head + contents + [UInt8](repeating: padding, count: rest)
    }
}

/// The bytes of an archive with these members below the folder `p-1.closeout`.
func archive(
    _ members: [RawMember], end: [UInt8] = [UInt8](repeating: 0, count: 1024)
) -> [UInt8] {
    let top = RawMember.folder("p-1.closeout")
    return ([top] + members).flatMap(\.bytes) + end
}

/// Everything that is read of an archive.
func members(of bytes: [UInt8]) throws -> [ArchiveReader<[UInt8]>.Found] {
    var reader = ArchiveReader(bytes)
    var members: [ArchiveReader<[UInt8]>.Found] = []
    while let found = try reader.next() { members.append(found) }
    return members
}

/// The archive that `pack` would write of what was read.
func rewritten(_ bytes: [UInt8]) throws -> [UInt8] {
    var written: [UInt8] = []
    for found in try members(of: bytes) {
        written += found.member.header
        written += bytes[found.offset..<found.offset + found.member.size]
        written += [UInt8](
            repeating: 0, count: ArchiveFormat.padding(behind: found.member.size))
    }
    return written + ArchiveFormat.end
}
