import CloseoutEncodings
package import CloseoutOpenSSL

/// A way to write signatures down: its names, how to recognise it and how to read it.
///
/// Adding a format takes a folder that makes one such value and its line in `all`. Implements the
/// table "Formats" of docs/signatures.md.
package struct SignatureFormat: Sendable {
    /// The stable name, as in `--type` and reports.
    package let name: String
    /// The extension of a stored file, without the dot.
    package let fileExtension: String
    /// The media type in the log, which names the format of a stored file.
    package let mediaType: String
    /// How a file of unknown format is found to be of this one.
    let recognition: Recognition
    /// Reads a file that is said to be of this format: at least one signature, in file order.
    let read: @Sendable ([UInt8]) throws(SignatureError) -> [UnverifiedSignature]
    /// Writes a file with one signature; `nil` for a format that is only read.
    var write: Writer?

    /// Signs content with a key and one of its algorithms.
    typealias Writer =
        @Sendable (
            SignedContent, borrowing PrivateKey, SignatureAlgorithm
        ) throws(KeyError) -> [UInt8]

    /// How the content of a file shows its format.
    enum Recognition: Sendable {
        /// The content shows it beyond doubt.
        case byContent(@Sendable ([UInt8]) -> Bool)
        /// The content is plausible where no other format claims the file.
        case lastResort(@Sendable ([UInt8]) -> Bool)
        /// The content looks like other things too: somebody has to say it.
        case never
    }
}

extension SignatureFormat {
    /// The registry: every format that Closeout reads.
    package static let all: [SignatureFormat] = [
        .dsse, .sigstore, .note, .minisign, .signify, .ssh, .openPGP, .openPGPCleartext, .cms,
        .awsKMS, .vault, .azureKeyVault, .rawBase64, .raw,
    ]

    /// The bytes that a signature file may have at most; the limit `bundle.limits` names.
    package static let largestFile = 256 * 1024

    /// The signatures that one file may hold at most.
    package static let mostSignatures = 64

    /// Finds a format by its name.
    package init?(named name: String) {
        guard let format = Self.all.first(where: { $0.name == name }) else { return nil }
        self = format
    }

    /// Finds a format by the media type of a log entry.
    package init?(mediaType: String) {
        guard let format = Self.all.first(where: { $0.mediaType == mediaType }) else { return nil }
        self = format
    }

    /// Whether Closeout itself can sign in this format.
    package var canSign: Bool { write != nil }

    /// Signs content with a private key.
    ///
    /// - Parameters:
    ///   - content: What to sign.
    ///   - key: The key.
    ///   - algorithm: The algorithm that the policy has for the key.
    /// - Returns: The file; `nil` where `canSign` is false.
    /// - Throws: `KeyError` when the key cannot sign with this algorithm.
    package func sign(
        _ content: SignedContent, with key: borrowing PrivateKey, algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8]? {
        try write?(content, key, algorithm)
    }

    /// Reads a file that is said to be of this format, without believing anything in it.
    ///
    /// - Returns: At least one signature, in file order.
    /// - Throws: `SignatureError` when the file is not wholly of this format.
    package func signatures(
        in file: [UInt8]
    ) throws(SignatureError) -> [UnverifiedSignature] {
        guard file.count <= Self.largestFile else { throw .tooLarge(limit: Self.largestFile) }
        if let encoding = UnreadEncoding(of: file) { throw .encoding(encoding) }
        return try Self.confirmCount(of: try read(file))
    }

    /// Confirms that a file holds a signature, and not too many.
    static func confirmCount(
        of signatures: [UnverifiedSignature]
    ) throws(SignatureError) -> [UnverifiedSignature] {
        guard !signatures.isEmpty else { throw .noSignature }
        guard signatures.count <= mostSignatures else {
            throw .tooManySignatures(limit: mostSignatures)
        }
        return signatures
    }
}

extension SignatureFormat: Hashable, CustomStringConvertible {
    package static func == (left: SignatureFormat, right: SignatureFormat) -> Bool {
        left.name == right.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }

    package var description: String { name }
}
