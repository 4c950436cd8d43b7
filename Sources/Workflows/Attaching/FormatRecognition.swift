import CloseoutEncodings
import CloseoutManifests
package import CloseoutSignatures

/// The format that was named, or the one that the content shows.
///
/// - Throws: `WorkflowError` where there is no such format, or the content shows none or several.
package func signatureFormat(
    named name: String?, of bytes: [UInt8], at path: [UInt8]
) throws(WorkflowError) -> SignatureFormat {
    if let name {
        guard let format = SignatureFormat(named: name) else {
            throw .refused(
                .usage, "there is no signature format \(printable(name))",
                hint: "use one of \(SignatureFormat.all.map(\.name).joined(separator: ", "))")
        }
        return format
    }
    switch SignatureFormat.recognise(bytes) {
    case .format(let format): return format
    case .ambiguous(let formats):
        throw .refused(
            .malformed,
            "\(printable(path)) could be \(formats.map(\.name).joined(separator: " or "))",
            hint: "say which with --type")
    case .unknown:
        if let foreign = ForeignFile(of: bytes) {
            throw .refused(
                .malformed, "\(printable(path)) is \(foreign), and no signature",
                hint: foreign.remedyForSignature)
        }
        throw .refused(
            .malformed, "\(printable(path)) \(whatIsNoSignature(bytes))",
            hint: SignatureFormat.isBase64URL(bytes)
                ? "if a service answered with it in base64url, name that: --type azure-keyvault"
                : "give the file as the signer wrote it; --type names a format that the content "
                    + "does not show")
    }
}

/// What a file is that shows no format of signatures.
private func whatIsNoSignature(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "is empty" }
    if (try? Seal(parsing: bytes)) != nil { return "is a seal itself, and no signature" }
    let unix = bytes.replacing(Array("\r\n".utf8), with: Array("\n".utf8))
    if unix.count < bytes.count, case .format(let format) = SignatureFormat.recognise(unix) {
        return
            "is a signature of the format \(format.name) with Windows line ends (CR LF), which it must not have"
    }
    return "is no signature of a known format"
}
