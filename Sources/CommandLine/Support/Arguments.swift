import ArgumentParser
package import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

/// Reads an instant from the command line; a bare date is refused with the instant to write.
@Sendable package func instantArgument(_ text: String) throws -> Instant {
    if let instant = Instant(parsing: Array(text.utf8)) { return instant }
    if let midnight = Instant(parsing: Array("\(text)T00:00:00Z".utf8)) {
        throw ValidationError(
            "it is a date and not an instant: write \(midnight) or another second of it")
    }
    throw ValidationError("it is not an instant: write one as 2026-01-31T12:00:00Z")
}

/// Reads `NAME@VERSION` from the command line.
@Sendable func releaseArgument(_ text: String) throws -> Release {
    do {
        return try Release(parsing: text)
    } catch {
        throw ValidationError("\(error)")
    }
}

/// Reads a path from the command line as bytes.
@Sendable package func pathArgument(_ text: String) throws -> [UInt8] {
    let path = Array(text.utf8)
    guard !path.isEmpty, !path.contains(0) else { throw ValidationError("a path is empty") }
    guard !PlausibleValue.isNoPath(text) else {
        throw ValidationError("it is not a path: it looks like a key, or holds a PIN")
    }
    return path
}

/// Reads what a signer calls its key, which is printed and stored, and so can hold no secret.
@Sendable func keyReferenceArgument(_ text: String) throws -> String {
    guard !PlausibleValue.namesPIN(text), !PlausibleValue.holdsKeyText(text) else {
        throw ValidationError(
            "it holds a secret: name the place of a PIN instead, as pin-source=env:VARIABLE")
    }
    return text
}

/// The creation time of a new bundle: `--created`, else `SOURCE_DATE_EPOCH`, else now.
func creationInstant(_ given: Instant?, now: Instant) throws -> Instant {
    if let given { return given }
    guard let epoch = Machine.environment("SOURCE_DATE_EPOCH"), !epoch.isEmpty else { return now }
    guard let seconds = Int64(String(decoding: epoch, as: UTF8.self)),
        let instant = Instant(secondsSince1970: seconds)
    else {
        throw CommandFailure(
            .usage, "SOURCE_DATE_EPOCH is '\(printable(epoch))' and not a number of seconds")
    }
    return instant
}
