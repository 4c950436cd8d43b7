import CloseoutEncodings

extension SignatureFormat {
    /// What the content of a file shows of its format.
    package enum Detection: Equatable, Sendable {
        /// Exactly one format fits.
        case format(SignatureFormat)
        /// Several fit: whoever attaches the file has to name one.
        case ambiguous([SignatureFormat])
        /// None fits.
        case unknown
    }

    /// Recognises a file by its content alone, never by its name.
    ///
    /// A format that the content shows beyond doubt goes before those of last resort.
    package static func recognise(_ file: [UInt8]) -> Detection {
        guard file.count <= largestFile, UnreadEncoding(of: file) == nil else { return .unknown }
        let certain = all.filter { format in
            if case .byContent(let fits) = format.recognition { fits(file) } else { false }
        }
        guard certain.isEmpty else { return detection(among: certain) }
        return detection(
            among: all.filter { format in
                if case .lastResort(let fits) = format.recognition { fits(file) } else { false }
            })
    }

    private static func detection(among formats: [SignatureFormat]) -> Detection {
        guard let first = formats.first else { return .unknown }
        return formats.count == 1 ? .format(first) : .ambiguous(formats)
    }
}
