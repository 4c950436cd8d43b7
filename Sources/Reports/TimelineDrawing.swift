import CloseoutEncodings
import CloseoutRecords

extension RetentionTimeline {
    /// How many bars are drawn; the table below has all.
    private static let most = 12
    private static let width: Int64 = 720
    private static let left: Int64 = 170
    private static let right: Int64 = 20
    private static let top: Int64 = 34
    private static let lane: Int64 = 24

    /// Draws it as a picture in the page, with a title and a description; the table below it says
    /// the
    /// same in words.
    func draw(_ page: inout MarkupWriter) {
        let shown = spans.prefix(Self.most)
        let base = Self.top + Int64(shown.count) * Self.lane
        let height = base + 30
        page.block(
            "svg",
            [
                "viewBox": "0 0 \(Self.width) \(height)", "role": "img",
                "aria-labelledby": "timeline-title timeline-text", "class": "timeline",
            ]
        ) { page in
            page.line("title", ["id": "timeline-title"], text: "Retention in time")
            page.line("desc", ["id": "timeline-text"], text: description)
            line(Self.left, base, Self.width - Self.right, base, "axis", &page)
            for (place, span) in shown.enumerated() {
                bar(span, y: Self.top + Int64(place) * Self.lane, &page)
            }
            mark(created, "sealed", y: Self.top - 8, base: base, "axis", &page)
            mark(asOf, "as of", y: Self.top - 20, base: base, "now", &page)
            text(Self.left, base + 18, "begin", String(first.prefix(10)), "start", &page)
            text(Self.width - Self.right, base + 18, "begin", String(last.prefix(10)), "end", &page)
        }
    }

    private var first: String { Instant(secondsSince1970: bounds.lowerBound)?.description ?? "" }
    private var last: String { Instant(secondsSince1970: bounds.upperBound)?.description ?? "" }

    private var description: String {
        let parts = spans.prefix(Self.most).map { span in
            "\(span.name) from \(span.start) "
                + (span.end.map { "until \($0)" } ?? "with an open end") + ", \(span.state)"
        }
        return (["sealed at \(created)"] + parts + ["verified as of \(asOf)"])
            .joined(separator: "; ")
    }

    private func x(_ instant: Instant) -> Int64 {
        let bounds = bounds
        let whole = Double(bounds.upperBound - bounds.lowerBound)
        let share = Double(instant.secondsSince1970 - bounds.lowerBound) / whole
        return Self.left + Int64(share * Double(Self.width - Self.left - Self.right))
    }

    private func bar(_ span: Span, y: Int64, _ page: inout MarkupWriter) {
        let start = x(span.start)
        let end = span.end.map { max(x($0), start) } ?? Self.width - Self.right
        text(Self.left - 10, y + 14, "name", Self.shortened(span.name), "end", &page)
        page.line(
            "rect",
            [
                "x": "\(start)", "y": "\(y + 3)", "width": "\(max(4, end - start))",
                "height": "14", "rx": "3", "class": "bar-\(span.kind.rawValue)",
            ], text: "")
        if span.end == nil {
            page.line(
                "polygon",
                [
                    "points": "\(end),\(y) \(end + 10),\(y + 10) \(end),\(y + 20)",
                    "class": "bar-\(span.kind.rawValue)",
                ], text: "")
        }
        let label = span.end.map { String($0.description.prefix(10)) } ?? "open"
        // A label is behind its bar where there is room, and else on it.
        let isBehind = end + 90 < Self.width
        text(
            isBehind ? end + 8 : end - 8, y + 14, isBehind ? "date" : "date-on", label,
            isBehind ? "start" : "end", &page)
    }

    private func mark(
        _ instant: Instant, _ name: String, y: Int64, base: Int64, _ style: String,
        _ page: inout MarkupWriter
    ) {
        let place = x(instant)
        line(place, y + 2, place, base, style, &page)
        let isLeft = place < Self.width / 2
        text(
            isLeft ? place + 4 : place - 4, y + 4, style,
            "\(name) \(instant.description.prefix(10))", isLeft ? "start" : "end", &page)
    }

    private func line(
        _ x1: Int64, _ y1: Int64, _ x2: Int64, _ y2: Int64, _ style: String,
        _ page: inout MarkupWriter
    ) {
        page.line(
            "line",
            [
                "x1": "\(x1)", "y1": "\(y1)", "x2": "\(x2)", "y2": "\(y2)",
                "class": "line-\(style)",
            ], text: "")
    }

    private func text(
        _ x: Int64, _ y: Int64, _ style: String, _ words: String, _ anchor: String,
        _ page: inout MarkupWriter
    ) {
        page.line(
            "text",
            ["x": "\(x)", "y": "\(y)", "class": "text-\(style)", "text-anchor": anchor],
            text: words)
    }

    /// A name that fits before its bar.
    private static func shortened(_ name: String) -> String {
        name.unicodeScalars.count > 24
            ? String(String.UnicodeScalarView(name.unicodeScalars.prefix(23))) + "…" : name
    }
}
