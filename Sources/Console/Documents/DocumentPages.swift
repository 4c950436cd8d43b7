import CloseoutTrial

/// The pages of the documents, and the list of them.
struct DocumentPages {
    let documents: DocumentFolder

    private var list: [PageBlock] {
        let names = documents.names
        return [
            .title(Place.documents.title),
            .section(
                id: "documents", "Documents",
                names.isEmpty
                    ? [[.text("The documents are not installed beside this program.")]]
                    : names.compactMap { name in
                        documents.document(name).map {
                            [.link($0.title.isEmpty ? name : $0.title, to: Self.path(of: name))]
                        }
                    }),
        ]
    }

    /// The list of documents, or one of them.
    ///
    /// - Parameter path: What the page is asked for by.
    /// - Returns: The title and the content; nil where there is no such document.
    func page(_ path: String) -> (title: String, blocks: [PageBlock])? {
        if path == Place.documents.rawValue { return (Place.documents.title, list) }
        let prefix = Place.documents.rawValue + "/"
        guard path.hasPrefix(prefix),
            let document = documents.document(String(path.dropFirst(prefix.count)))
        else { return nil }
        return (
            document.title,
            [.template("document", ["title": document.title, "blocks": document.values])]
        )
    }

    /// Where a page is that a document is shown on.
    static func path(of name: String) -> String { "\(Place.documents.rawValue)/\(name)" }

    /// What leads to a section of a document.
    static func piece(_ link: DocumentLink) -> Piece {
        let name = link.path.split(separator: "/").last.map { $0.prefix { $0 != "." } } ?? ""
        return .link(
            "\(link.path), \"\(link.section)\"",
            to: "\(path(of: String(name)))#\(Document.anchor(of: link.section))")
    }
}

extension Document {
    /// The blocks for the template.
    fileprivate var values: [TemplateValues] {
        blocks.map { block in
            switch block {
            case .heading(let level, let text):
                [
                    "isHeading": level < 3, "isSubheading": level >= 3, "text": text,
                    "anchor": Self.anchor(of: text),
                ]
            case .paragraph(let text):
                ["isParagraph": true, "pieces": DocumentText(text).values]
            case .list(let isOrdered, let items):
                [
                    isOrdered ? "isOrdered" : "isList": true,
                    "items": items.map { ["pieces": DocumentText($0).values] as TemplateValues },
                ]
            case .table(let header, let rows):
                [
                    "isTable": true,
                    "columns": header.map {
                        ["pieces": DocumentText($0).values, "isEmpty": $0.isEmpty] as TemplateValues
                    },
                    "rows": rows.map { Self.row($0, header) },
                ]
            case .verbatim(let text): ["isVerbatim": true, "text": text]
            }
        }
    }

    private static func row(_ cells: [String], _ header: [String]) -> TemplateValues {
        let further: [TemplateValues] = zip(cells, header).dropFirst().map {
            ["title": $1, "pieces": DocumentText($0).values]
        }
        return ["lead": DocumentText(cells.first ?? "").values, "cells": further]
    }
}

extension DocumentText {
    /// The pieces for a template.
    fileprivate var values: [TemplateValues] { pieces.map(\.values) }
}
