/// How the page of a report looks: on a wide and on a narrow screen, and on paper.
///
/// Colour only repeats what words say, and every colour has a contrast of at least 4.5 to 1.
enum HTMLStyle {
    /// The style sheet.
    static let sheet: StaticString = """
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1b1b1b; background: #fff;
          font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; line-height: 1.25; }
        h2 { font-size: 1.25rem; margin-top: 2rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 0.25rem; }
        table { width: 100%; table-layout: fixed; border-collapse: collapse; }
        caption { text-align: left; color: #4a4a4a; padding: 0.25rem 0; }
        th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.5rem 0.35rem 0;
          border-top: 1px solid #b5b5b5; font-weight: normal; }
        th:first-child { width: 34%; }
        thead th { font-weight: bold; border-top: 0; }
        code { font: 0.9em ui-monospace, monospace; }
        .pass, .fail, .accepted, .unknown, .not_applicable { font-weight: bold; }
        .pass { color: #0b6623; }
        .fail { color: #a30f0f; }
        .accepted { color: #6b1f7a; text-decoration: underline; }
        .unknown { color: #7a4a00; }
        .not_applicable { color: #555; }
        .hint { display: block; }
        footer { margin-top: 2rem; border-top: 1px solid #b5b5b5; color: #4a4a4a; }
        @media print {
          body { max-width: none; padding: 0; font-size: 10pt; }
          tr { break-inside: avoid; }
          h1, h2, h3, caption { break-after: avoid; }
          thead { display: table-header-group; }
        }
        @page { margin: 18mm; }

        """
}
