extension SignatureFormat {
    /// A signature of minisign, over the BLAKE2b-512 of the content or, as legacy, over the content.
    package static let minisign = SignatureFormat(
        name: "minisign", fileExtension: "minisig",
        mediaType: "application/vnd.closeout.signature.minisign",
        recognition: .byContent { CommentedSignature.kind(of: $0) == .minisign },
        read: { file throws(SignatureError) in
            [.keyed(try MinisignSignature(parsing: file))]
        })
}
