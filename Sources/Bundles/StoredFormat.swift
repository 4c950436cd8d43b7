package import CloseoutSignatures

extension SignatureFormat {
    /// The format of a signature file by its path in a bundle: the extension names it
    /// (docs/log.md, "Media types").
    package init?(storedAt path: [UInt8]) {
        let name = path.split(separator: UInt8(ascii: "/")).last ?? path[...]
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let ending = name[(dot + 1)...]
        guard
            let format = Self.all.first(where: {
                $0.fileExtension.utf8.elementsEqual(ending)
            })
        else { return nil }
        self = format
    }
}
