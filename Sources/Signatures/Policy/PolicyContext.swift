package import CloseoutOpenSSL

/// What a policy document needs around it to be read.
package struct PolicyContext {
    /// Reads the file of a key: its path is as the policy has it, absolute or relative to it, and its
    /// digest the one that the policy pins, which the reader of the policy compares.
    package typealias KeyFileReader =
        (_ path: [UInt8], _ digest: SHA256Digest) throws(KeyFileError) -> [UInt8]

    /// Reads the files of keys.
    let readKeyFile: KeyFileReader
    /// Whether keys of `keys-sample/`, with which anybody can sign, count as others do.
    let acceptsSampleKeys: Bool

    /// Describes the surroundings of a policy.
    ///
    /// - Parameters:
    ///   - acceptingSampleKeys: Whether keys of `keys-sample/` count: in trials and tests.
    ///   - readKeyFile: Reads the file of a key; without it, keys in files are errors.
    package init(
        acceptingSampleKeys: Bool = false, readKeyFile: @escaping KeyFileReader = noKeyFile
    ) {
        self.readKeyFile = readKeyFile
        acceptsSampleKeys = acceptingSampleKeys
    }

    /// The same surroundings, in which every key file has this content.
    func holding(_ file: [UInt8]) -> PolicyContext {
        PolicyContext(acceptingSampleKeys: acceptsSampleKeys) {
            (_: [UInt8], _: SHA256Digest) throws(KeyFileError) -> [UInt8] in file
        }
    }

    /// Refuses to read any file.
    package static func noKeyFile(
        _ path: [UInt8], _ digest: SHA256Digest
    ) throws(KeyFileError) -> [UInt8] {
        throw KeyFileError("files of keys cannot be read here")
    }
}

/// Why the file of a key could not be read, in words; thrown by whoever reads files.
package struct KeyFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The cause in words.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
