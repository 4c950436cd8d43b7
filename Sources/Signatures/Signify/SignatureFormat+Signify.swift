extension SignatureFormat {
    /// A signature of OpenBSD's signify, also the form `SHA256.sig` with the signed list inside.
    package static let signify = SignatureFormat(
        name: "signify", fileExtension: "signify",
        mediaType: "application/vnd.closeout.signature.signify",
        recognition: .byContent { CommentedSignature.kind(of: $0) == .signify },
        read: { file throws(SignatureError) in
            let blob = try CommentedBlob(parsing: file)
            let signature = try NumberedSignature(
                blob.value, algorithms: [NumberedSignature.whole])
            guard !isEmptyLines(blob.rest) else {
                return [
                    .keyed(
                        SignifySignature(comment: blob.comment, signature: signature, list: nil))
                ]
            }
            let list = try DigestList(parsing: blob.rest)
            return [
                .keyed(SignifySignature(comment: blob.comment, signature: signature, list: list))
            ]
        })
}

/// Which of two tools wrote a file that begins with a comment and a signature.
///
/// A legacy signature of minisign and one of signify have the same second line. What follows distinguishes
/// them apart: minisign always has a trusted comment, and a line of digests never looks like one.
enum CommentedSignature {
    case minisign
    case signify

    /// Knows it by the content; `nil` where it is neither.
    static func kind(of file: [UInt8]) -> CommentedSignature? {
        guard let blob = CommentedBlob(opening: file),
            blob.value.count == NumberedSignature.length
        else { return nil }
        switch Array(blob.value.prefix(2)) {
        case NumberedSignature.hashed: return .minisign
        case NumberedSignature.whole:
            return blob.rest.starts(with: MinisignSignature.trustedPrefix) ? .minisign : .signify
        default: return nil
        }
    }
}
