import CloseoutOpenSSL
import CloseoutVerification

/// A piece of a line of a page.
enum Piece: Sendable {
    case text(String)
    /// An id, a path or a digest.
    case code(String)
    /// A status in words, with the class of the style sheet that repeats it.
    case status(String, style: String)
    /// Words that lead somewhere.
    case link(String, to: String)
    /// A line of its own, in a lighter colour.
    case note(String)

    var values: TemplateValues {
        switch self {
        case .text(let text): ["isText": true, "text": text]
        case .code(let text): ["isCode": true, "text": text]
        case .status(let text, let style): ["isStatus": true, "text": text, "style": style]
        case .link(let text, let path): ["isLink": true, "text": text, "path": Link(path)]
        case .note(let text): ["isNote": true, "text": text]
        }
    }
}

/// A table of a page, the first cell of each row heads it.
struct PageTable: Sendable {
    /// One row.
    struct Row: Sendable {
        /// What a link leads here by; empty where none does.
        var anchor = ""
        var cells: [[Piece]]
    }

    let caption: String
    let columns: [String]
    var rows: [Row] = []

    init(_ caption: String, _ columns: String...) {
        self.caption = caption
        self.columns = columns
    }

    /// Adds a row.
    mutating func add(_ cells: [Piece]..., at anchor: String = "") {
        rows.append(Row(anchor: anchor, cells: cells))
    }

    var values: TemplateValues {
        let rows: [TemplateValues] = rows.map { row in
            let lead = row.cells.first ?? []
            let cells: [TemplateValues] = zip(row.cells, columns).dropFirst().map { cell, title in
                ["title": title, "pieces": cell.map(\.values)]
            }
            return [
                "hasAnchor": !row.anchor.isEmpty, "anchor": row.anchor,
                "lead": lead.map(\.values), "cells": cells,
            ]
        }
        let titles: [TemplateValues] = columns.map { ["title": $0] }
        return [
            "caption": caption, "columns": titles, "rows": rows, "hasRows": !rows.isEmpty,
        ]
    }
}

/// What a page has between its head and its foot, from above to below.
enum PageBlock: Sendable {
    /// The name of the page.
    case title(String)
    /// What `Reports` has drawn.
    case markup([UInt8])
    /// A heading, paragraphs, and tables.
    case section(id: String, String, [[Piece]] = [], [PageTable] = [])
    /// A command, or a text of another tool, as it is.
    case verbatim(String)
    /// What a template makes.
    case template(String, TemplateValues)

    /// The block as HTML.
    func bytes(_ templates: Templates) -> [UInt8] {
        switch self {
        case .title(let text): templates.fill("title", ["title": text])
        case .markup(let bytes): bytes
        case .section(let id, let title, let paragraphs, let tables):
            templates.fill(
                "section",
                [
                    "id": id, "title": title,
                    "paragraphs": paragraphs.map { ["pieces": $0.map(\.values)] as TemplateValues },
                    "tables": tables.map(\.values),
                ])
        case .verbatim(let text): templates.fill("verbatim", ["text": text])
        case .template(let name, let values): templates.fill(name, values)
        }
    }
}

/// Which part of a long list a page has.
struct Pager: Sendable {
    /// The part, from 0.
    let page: Int
    /// How many there are, at least 1.
    let pages: Int

    /// Takes the part that a query asks for, or the one that is nearest.
    init(_ query: FormFields, pages: Int) {
        self.init(page: min(max((query.number("page") ?? 1) - 1, 0), pages - 1), pages: pages)
    }

    init(page: Int, pages: Int) {
        self.page = page
        self.pages = pages
    }

    /// What the template shows, with the path that `page=` is put behind.
    func values(_ base: String) -> TemplateValues {
        [
            "hasBefore": page > 0, "before": Link("\(base)page=\(page)"),
            "hasAfter": page + 1 < pages, "after": Link("\(base)page=\(page + 2)"),
            "page": "\(page + 1)", "pages": grouped(pages),
        ]
    }
}

/// Bytes as a value of a query: letters, digits and `-._~` stay, other bytes become `%XX`.
func queryEncoded(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in bytes {
        let isPlain =
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~".utf8.contains(byte)
            }
        result +=
            isPlain
            ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: result, as: UTF8.self)
}

/// A name that any system can store a file under: what is not a letter, a digit, a dot or a hyphen becomes a hyphen.
func safeFileName(_ name: some Sequence<UInt8>) -> String {
    var result: [UInt8] = []
    for byte in name.prefix(80) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            result.append(byte)
        case UInt8(ascii: ".") where !result.isEmpty: result.append(byte)
        default: result.append(UInt8(ascii: "-"))
        }
    }
    return result.isEmpty ? "file" : String(decoding: result, as: UTF8.self)
}
