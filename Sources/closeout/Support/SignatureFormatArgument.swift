import Encodings
import Signatures

/// The format that was named, or the one that the content shows.
func signatureFormat(
    named name: String?, of bytes: [UInt8], at path: [UInt8]
) throws -> SignatureFormat {
    if let name {
        guard let format = SignatureFormat(named: name) else {
            throw CommandFailure(
                .usage, "there is no signature format \(printable(Array(name.utf8)))",
                hint: "use one of \(SignatureFormat.all.map(\.name).joined(separator: ", "))")
        }
        return format
    }
    switch SignatureFormat.recognise(bytes) {
    case .format(let format): return format
    case .ambiguous(let formats):
        throw CommandFailure(
            .malformed,
            "\(printable(path)) could be \(formats.map(\.name).joined(separator: " or "))",
            hint: "say which with --type")
    case .unknown:
        throw CommandFailure(
            .malformed, "\(printable(path)) is no signature of a known format",
            hint: "say which format it is with --type")
    }
}
