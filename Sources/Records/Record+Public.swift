import CloseoutEncodings

extension Record {
    /// Keys of fields that name a key, a ticket or evidence elsewhere.
    private static let restrictedKeys = ["external_reference", "key_reference", "references"]
    /// What addresses and links hold.
    private static let restrictedMarks = ["@", "://"]

    /// Whether anyone may see the whole record: it is public, and no field of it names a key, a
    /// ticket, an address or a link (docs/records.md, "For everyone").
    package var isForEveryone: Bool {
        header.visibility == .public
            && !Self.isRestricted(.object(header.members(kind: kind) + body.content.members))
    }

    /// Who may see a record unless its maker says otherwise (docs/records.md, "Visibility").
    ///
    /// - Parameters:
    ///   - body: What it says.
    ///   - by: Who makes it, as they say.
    /// - Returns: What its kind has, or `restricted` where a field is not for everyone.
    package static func visibility(of body: Body, by: String?) -> Visibility {
        let isSensitive = by.map { holdsMark(Array($0.utf8)) } ?? false
        guard !isSensitive, !isRestricted(.object(body.content.members)) else { return .restricted }
        return body.kind.defaultVisibility
    }

    private static func isRestricted(_ json: JSON) -> Bool {
        switch json {
        case .object(let members):
            members.contains { member in
                restrictedKeys.contains { member.key.elementsEqual($0.utf8) }
                    || isRestricted(member.value)
            }
        case .array(let items): items.contains(where: isRestricted)
        case .string(let text): holdsMark(text)
        default: false
        }
    }

    /// Whether a text holds an address or a link.
    private static func holdsMark(_ text: [UInt8]) -> Bool {
        restrictedMarks.contains { mark in
            text.indices.contains { text[$0...].starts(with: mark.utf8) }
        }
    }
}
