internal import CloseoutEncodings
package import CloseoutFiles
package import CloseoutOpenSSL

/// Why a tree could not be frozen, or not be looked at (docs/manifest.md, "Refused").
///
/// Paths are raw bytes: those of entries are relative to the root, those of `FileError` begin with
/// the user's own.
package enum ManifestError: Error, Equatable, Sendable {
    /// A file could not be read, or the manifest not be written.
    case file(FileError)
    /// The path cannot be part of a release.
    case refused(Irregularity)
    /// A link leads out of the root, or nowhere after 40 links.
    case outsideLink(path: [UInt8], target: [UInt8])
    /// A file is setuid, setgid or sticky, which the mode rule `executable` cannot record.
    case specialMode(path: [UInt8], mode: UInt16)
    /// Names that some file systems take for one, under `strictNames`.
    case collision(NameCollision)
    /// Two files on the command line have one name.
    case sameName([UInt8])
    /// A directory beside other arguments.
    case directoryAmongFiles([UInt8])
    /// What is written would land inside the tree that is frozen.
    case targetInsideRoot([UInt8])
    /// There is no regular file to freeze.
    case noFiles
    /// There are more entries than a manifest can hold.
    case tooManyEntries
    /// libcrypto failed.
    case openSSL(OpenSSLError)
}

/// What libcrypto computes, inside a function that throws `ManifestError`.
@inline(__always)
func reporting<Value: ~Copyable>(
    openSSL body: @autoclosure () throws(OpenSSLError) -> Value
) throws(ManifestError) -> Value {
    do { return try body() } catch { throw .openSSL(error) }
}

/// What the system does with files, inside a function that throws `ManifestError`.
@inline(__always)
func reporting<Value: ~Copyable>(
    file body: @autoclosure () throws(FileError) -> Value
) throws(ManifestError) -> Value {
    do { return try body() } catch { throw .file(error) }
}

extension ManifestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(printable(error.path)): \(error)"
        case .refused(let irregularity): "\(printable(irregularity.path)) cannot be sealed"
        case .outsideLink(let path, let target):
            "\(printable(path)) links to \(printable(target)), outside of the folder"
        case .specialMode(let path, let mode):
            "\(printable(path)) has the mode \(String(mode, radix: 8))"
        case .collision(let collision):
            collision.paths.map { printable($0) }.joined(separator: " and ") + " are alike"
        case .sameName(let name): "two files are named \(printable(name))"
        case .directoryAmongFiles(let path): "\(printable(path)) is a folder beside files"
        case .targetInsideRoot(let path): "\(printable(path)) is inside the folder that is sealed"
        case .noFiles: "there is no file"
        case .tooManyEntries: "there are more than \(Manifest.mostEntries) entries"
        case .openSSL(let error): "\(error)"
        }
    }
}

/// A path that is there and can be no entry of a manifest.
package struct Irregularity: Equatable, Sendable {
    /// What is wrong with it.
    package enum Kind: Equatable, Sendable {
        /// The name is not UTF-8.
        case notUTF8
        /// The path has more than 4,096 bytes.
        case tooLong
        /// It is neither a regular file, a directory nor a symbolic link.
        case special(FileKind)
        /// It is a link whose target is not UTF-8, empty or longer than 4,096 bytes.
        case badTarget
        /// It is a directory that cannot be listed, or a link that cannot be read.
        case unreadable(FileError.Cause)
    }

    /// The path below the root.
    package let path: [UInt8]
    /// What is wrong with it.
    package let kind: Kind

    package init(path: [UInt8], kind: Kind) {
        self.path = path
        self.kind = kind
    }
}
