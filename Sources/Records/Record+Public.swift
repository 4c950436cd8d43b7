import Encodings

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
