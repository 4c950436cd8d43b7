import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
package import CloseoutWorkflows

/// The options that say how a private key is opened.
struct PassphraseOptions: ParsableArguments, KeyOpening {
    @Option(
        help: ArgumentHelp(
            "Where the key's passphrase is: env:NAME, file:PATH or fd:N.", valueName: "source"))
    var passphrase: PassphraseSource?

    @Flag(help: "Accept a private key that others may read, as on a read-only secret mount.")
    var allowReadableKey = false
}

/// How a private key is opened.
///
/// A group of options takes these two itself where it can: in debug builds the parser checks a group
/// four times for each group around it.
protocol KeyOpening {
    /// Where the key's passphrase is.
    var passphrase: PassphraseSource? { get }
    /// Whether a private key that others may read is taken.
    var allowReadableKey: Bool { get }
}

/// The keys that a command signs with, both loaded before it locks a bundle.
package struct GivenKeys {
    /// The key that signs, where one was named.
    package let key: LocalKey?
    /// The key of the log, where one was named; the same object as `key` where both are named alike.
    package let log: LocalKey?

    /// The key that signs, which must be there.
    package var signer: LocalKey {
        get throws {
            guard let key else {
                throw CommandFailure(
                    .usage, "no key was given to sign with", hint: "give --key KEY")
            }
            return key
        }
    }
}

/// Reads the passphrase that a command was given at most once, however many keys it opens.
private final class PassphraseReading {
    private var given: [UInt8]??

    /// The passphrase; nil where none was given.
    func bytes(_ options: some KeyOpening) throws -> [UInt8]? {
        if let given { return given }
        let read = try options.given()
        given = .some(read)
        return read
    }
}

extension KeyOpening {
    /// Loads a private key, asking for its passphrase where there is a terminal to ask on.
    ///
    /// What it is named by is opened once. A command loads its keys before it locks a bundle: somebody
    /// may have to type.
    func load(_ source: SecretSource) throws -> PrivateKey {
        try load(source, PassphraseReading())
    }

    /// Loads the key that signs and the log key, each once and with one passphrase; they are one object
    /// where both are named alike.
    ///
    /// - Parameters:
    ///   - source: The key that signs, where there is one.
    ///   - log: The log key, where there is one.
    /// - Returns: Both; nil for one that was not named.
    /// - Throws: `CommandFailure` where one cannot be read or is no private key.
    func loadKeys(
        _ source: SecretSource?, log: SecretSource?
    ) throws -> GivenKeys {
        let passphrase = PassphraseReading()
        let key = try source.map { LocalKey(try load($0, passphrase)) }
        guard let log else { return GivenKeys(key: key, log: nil) }
        if log.place == source?.place { return GivenKeys(key: key, log: key) }
        return GivenKeys(key: key, log: LocalKey(try load(log, passphrase)))
    }

    /// The public half of a private key; a public key in PEM or DER is its own.
    func loadPublic(_ source: SecretSource) throws -> PublicKey {
        var own: PublicKey?
        let bytes = try read(source) { bytes in
            own = try? KeyFormat.publicKey(bytes)
            if own == nil { try refuseOther(bytes, of: source) }
            return own == nil
        }
        if let own { return own }
        return try parse(bytes, of: source, PassphraseReading()).publicKey
    }

    private func load(
        _ source: SecretSource, _ passphrase: PassphraseReading
    ) throws -> PrivateKey {
        _ = try self.passphrase?.place
        let bytes = try read(source) { bytes in
            try refuseOther(bytes, of: source)
            return true
        }
        return try parse(bytes, of: source, passphrase)
    }

    private func parse(
        _ bytes: [UInt8], of source: SecretSource, _ passphrase: PassphraseReading
    ) throws -> PrivateKey {
        do {
            return try PrivateKey(parsing: bytes, passphrase: try passphrase.bytes(self))
        } catch KeyError.passphraseNeeded {
            guard let answer = try Terminal.askHidden("passphrase of \(source.name): ") else {
                throw CommandFailure(
                    .usage, "\(source.name) needs a passphrase, and none was given",
                    hint: "give --passphrase env:NAME, file:PATH or fd:N")
            }
            return try PrivateKey(parsing: bytes, passphrase: answer)
        } catch let error as KeyError {
            throw CommandFailure(.malformed, "\(source.name): \(error)")
        }
    }

    /// Says of bytes that hold no private key what they are.
    private func refuseOther(_ bytes: [UInt8], of source: SecretSource) throws {
        if (try? KeyFormat.publicKey(bytes)) != nil {
            throw CommandFailure(
                .malformed, "\(source.name) is a public key, and a private one is needed",
                hint:
                    "`closeout keygen -o NAME` writes the private key to NAME.pem, the public one "
                    + "to NAME.pub.pem")
        }
        guard !PrivateKey.isLikely(in: bytes) else { return }
        throw CommandFailure(.malformed, "\(source.name) holds no private key")
    }

    /// Reads a key, whose bytes are looked at before the permissions: others may read what is no key.
    private func read(
        _ source: SecretSource, isSecret: ([UInt8]) throws -> Bool
    ) throws -> [UInt8] {
        do {
            return try source.read(
                limit: 256 * 1024, allowingReadable: allowReadableKey, isSecret: isSecret)
        } catch let error as FileError where error.isMissing {
            throw CommandFailure(
                .missing, "there is no private key at \(source.name)",
                hint: "`closeout keygen -o NAME` makes a new key, NAME.pem")
        }
    }

    /// The passphrase that was given, without the end of its line.
    func given() throws -> [UInt8]? {
        guard let passphrase else { return nil }
        var bytes = try passphrase.place.read(limit: 4096, allowingReadable: allowReadableKey)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }
}

extension LogKeyOptions {
    /// Loads the key that signs and the log key, of which the environment may name the second.
    package func loadKeys(_ source: SecretSource?) throws -> GivenKeys {
        try loadKeys(source, log: try place)
    }

    /// Loads the log key, where one is named.
    package func loadLogKey() throws -> LocalKey? {
        try loadKeys(nil).log
    }
}
