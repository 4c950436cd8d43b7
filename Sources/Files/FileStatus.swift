internal import Glibc

/// The kinds of file that a name in a directory can have.
package enum FileKind: String, Sendable {
    case regular = "regular file"
    case directory
    case symlink = "symbolic link"
    case fifo = "FIFO"
    case socket
    case characterDevice = "character device"
    case blockDevice = "block device"
    case unknown = "file of unknown kind"
}

/// What the system says about a file without reading it.
///
/// Two values are equal when nothing that a change of the file would move has moved.
package struct FileStatus: Equatable, Sendable {
    /// A file's identity on this machine.
    package struct Identity: Hashable, Sendable {
        /// The device that holds the file.
        package let device: UInt64
        /// The file's number on that device.
        package let inode: UInt64
    }

    /// An instant of the file system's clock.
    struct Time: Equatable, Sendable {
        let seconds: Int
        let nanoseconds: Int
    }

    /// Which file it is.
    package let identity: Identity
    /// What kind of file it is.
    package let kind: FileKind
    /// The permission bits with setuid, setgid and sticky: `st_mode & 07777`.
    package let mode: UInt16
    /// The size in bytes.
    package let size: Int
    let modified: Time
    let changed: Time

    init(_ status: stat) {
        identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        kind = FileKind(mode: status.st_mode)
        mode = UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
        size = Int(status.st_size)
        modified = Time(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        changed = Time(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
    }
}

extension FileKind {
    init(mode: mode_t) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symlink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .unknown
            }
    }

    /// The kind that a directory listing gives, or nil where the file system leaves it open.
    init?(listed type: UInt8) {
        switch Int(type) {
        case Int(DT_REG): self = .regular
        case Int(DT_DIR): self = .directory
        case Int(DT_LNK): self = .symlink
        case Int(DT_FIFO): self = .fifo
        case Int(DT_SOCK): self = .socket
        case Int(DT_CHR): self = .characterDevice
        case Int(DT_BLK): self = .blockDevice
        default: return nil
        }
    }
}
