import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// The options that say how a private key is opened.
struct PassphraseOptions: ParsableArguments, KeyOpening {
    @Option(
        help: ArgumentHelp(
            "Where the key's passphrase is: env:NAME, file:PATH or fd:N.", valueName: "source"))
    var passphrase: PassphraseSource?

    @Flag(help: "Accept a private key that others may read, as on a read-only secret mount.")
    var allowReadableKey = false
}

/// What tells how a private key is opened.
///
/// A group of options takes these two itself where it can: in debug builds the parser checks a group
/// four times for each group around it.
protocol KeyOpening {
    /// Where the key's passphrase is.
    var passphrase: PassphraseSource? { get }
    /// Whether a private key that others may read is taken.
    var allowReadableKey: Bool { get }
}

extension KeyOpening {
    /// Loads a private key, asking for its passphrase where there is a terminal to ask on.
    func load(_ source: SecretSource) throws -> PrivateKey {
        _ = try passphrase?.place
        try refuseOther(source)
        let bytes = try read(source)
        do {
            return try PrivateKey(parsing: bytes, passphrase: try given())
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

    /// The public half of a private key; a public key in PEM or DER is its own.
    func loadPublic(_ source: SecretSource) throws -> PublicKey {
        guard case .file = source.place,
            let bytes = try? source.read(limit: 256 * 1024, allowingReadable: true),
            let key = try? KeyFormat.publicKey(bytes)
        else { return try load(source).publicKey }
        return key
    }

    /// Tells of a file that holds no private key what it is: others may read it as well.
    private func refuseOther(_ source: SecretSource) throws {
        guard let file = source.file, (try? isPipe(file)) == false,
            let bytes = try? readFile(file, limit: 256 * 1024)
        else { return }
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

    private func read(_ source: SecretSource) throws -> [UInt8] {
        do {
            return try source.read(limit: 256 * 1024, allowingReadable: allowReadableKey)
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
