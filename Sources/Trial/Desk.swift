import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// The folder of a trial, and what its people have on their desks.
struct Desk: Sendable {
    /// The most bytes of any file that a trial reads itself.
    private static let largestFile = 1 << 24

    let folder: [UInt8]
    /// The one reading of the clock.
    let now: Instant
    /// The values of the names in texts: digests that were found, and instants.
    var values: [String: String]

    /// A path of the folder.
    func path(_ name: String) -> [UInt8] { Path.join(folder, Array(name.utf8)) }

    /// The text with what the names in it stand for.
    func filled(_ text: String) -> String {
        values.reduce(text) { text, value in
            text.replacing("{\(value.key)}", with: value.value)
                .replacing("{\(value.key):16}", with: String(value.value.prefix(16)))
        }
    }

    /// The value of a name.
    ///
    /// - Throws: `TrialError.lostName` where nothing was kept under it.
    func value(_ name: String) throws(TrialError) -> String {
        guard let value = values[name] else { throw .lostName(name) }
        return value
    }

    /// The instant of a name.
    func instant(_ name: String) throws -> Instant {
        let text = try value(name)
        guard let instant = Instant(parsing: Array(text.utf8)) else {
            throw TrialError.lostName(name)
        }
        return instant
    }

    /// Reads a file of the folder.
    func read(_ name: String) throws(FileError) -> [UInt8] {
        try readFile(path(name), limit: Self.largestFile)
    }

    /// Whether the folder has something of this name.
    func has(_ name: String) -> Bool { (try? fileStatus(path(name))) != nil }

    /// Makes a folder, and those above it, unless they are there.
    func makeFolder(_ name: String) throws(FileError) {
        var place = folder
        for part in name.split(separator: "/") {
            try Directory.open(place).makeDirectoryIfFree(Array(part.utf8))
            place = Path.join(place, Array(part.utf8))
        }
    }

    /// Writes an example, unless a person has put a file of their own in its place.
    func write(_ input: TrialInput) throws(FileError) {
        guard !has(input.path) else { return }
        try write(
            input.path, Array(filled(input.text).utf8),
            permissions: input.isExecutable ? 0o755 : 0o644)
    }

    /// Writes a file, in the place of one that may be there, with the folders above it.
    func write(_ name: String, _ bytes: [UInt8], permissions: UInt16 = 0o644) throws(FileError) {
        let parts = name.split(separator: "/")
        try makeFolder(parts.dropLast().joined(separator: "/"))
        try Directory.open(Path.split(path(name)).directory)
            .replace(Array((parts.last ?? "").utf8), with: bytes, permissions: permissions)
    }

    /// Removes a file.
    func remove(_ name: String) throws(FileError) {
        let (directory, name) = Path.split(path(name))
        try Directory.open(directory).remove(name ?? [])
    }

    /// Copies a folder of files and folders to a name that is free.
    func copy(_ name: String, to copy: String) throws(FileError) {
        try makeFolder(copy)
        for entry in try Directory.open(path(name)).entries() {
            let part = String(decoding: entry.name, as: UTF8.self)
            if entry.kind == .directory {
                try self.copy("\(name)/\(part)", to: "\(copy)/\(part)")
            } else {
                try write("\(copy)/\(part)", read("\(name)/\(part)"))
            }
        }
    }
}

/// Why a step of a trial cannot be taken.
enum TrialError: Error, CustomStringConvertible {
    /// A step needs what an earlier one kept under this name.
    case lostName(String)
    /// The bundle lacks something that a step put there.
    case lacks(String)

    var description: String {
        switch self {
        case .lostName(let name): "no step before has found \(name)"
        case .lacks(let what): "\(TrialNames.bundle) lacks \(what)"
        }
    }
}
