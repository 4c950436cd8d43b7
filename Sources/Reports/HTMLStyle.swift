/// How the page of a report looks: on a wide and on a narrow screen, by day and by night, and on
/// paper.
///
/// Colour only repeats what words say, and every colour of words has a contrast of at least 4.5 to
/// 1.
package enum HTMLStyle {
    /// The style sheet.
    package static let sheet: StaticString = """
        :root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --soft: #4a4a4a;
          --rule: #c4c8cc; --panel: #f5f7f8; --link: #0b4f8a; --pass: #0b6623; --fail: #a30f0f;
          --accepted: #6b1f7a; --unknown: #7a4a00; --idle: #555; --keep: #2f6fa8; --hold: #a2660b;
          --risk: #8a4a9a; --on: #fff; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --ink: #e6e8ea; --paper: #14181c; --soft: #b4bac0; --rule: #434a51;
            --panel: #1d2329; --link: #8cc2f2; --pass: #6fd08c; --fail: #ff9a92;
            --accepted: #dca6ea; --unknown: #f0bd6a; --idle: #b4bac0; --keep: #5b9bd5;
            --hold: #d99a3d; --risk: #c58bd4; --on: #14181c; }
        }
        @media print { :root { color-scheme: light; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--ink);
          background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        header { border: 1px solid var(--rule); border-left: 0.5rem solid var(--idle);
          border-radius: 0.5rem; background: var(--panel); padding: 1rem 1.25rem; }
        .top-pass { border-left-color: var(--pass); }
        .top-fail { border-left-color: var(--fail); }
        .top-unknown { border-left-color: var(--unknown); }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.5rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
        p, section > div { margin: 0.25rem 0; }
        .remark { white-space: pre-wrap; }
        dl { margin: 0.5rem 0 0; }
        dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; }
        dt { flex: 0 0 5rem; color: var(--soft); }
        dd { flex: 1 1 14rem; margin: 0; }
        a { color: var(--link); }
        tr:target, details:target { background: var(--panel); }
        table { width: 100%; table-layout: fixed; border-collapse: collapse; }
        caption { text-align: left; color: var(--soft); padding: 0.25rem 0; }
        th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.5rem 0.35rem 0;
          border-top: 1px solid var(--rule); font-weight: normal; }
        th:first-child { width: 30%; }
        .narrow th:first-child { width: 22%; }
        thead th { font-weight: bold; border-top: 0; }
        code { font: 0.9em ui-monospace, monospace; }
        summary { cursor: pointer; }
        .digest { display: inline-block; vertical-align: top; max-width: 100%; }
        .digest summary { color: var(--link); }
        .pass, .fail, .accepted, .unknown, .not_applicable { font-weight: bold; }
        .pass { color: var(--pass); }
        .fail { color: var(--fail); }
        .accepted { color: var(--accepted); }
        .unknown { color: var(--unknown); }
        .not_applicable { color: var(--idle); }
        .hint { display: block; color: var(--soft); }
        .timeline { display: block; width: 100%; height: auto; margin: 0.5rem 0; }
        .timeline text { font: 11px system-ui, sans-serif; fill: var(--ink); }
        .timeline .text-begin, .timeline .text-axis { fill: var(--soft); }
        .timeline .text-now { font-weight: bold; }
        .timeline .text-date-on { fill: var(--on); }
        .line-axis { stroke: var(--soft); }
        .line-now { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 4 3; }
        .bar-retention { fill: var(--keep); }
        .bar-hold { fill: var(--hold); }
        .bar-acceptance { fill: var(--risk); }
        footer { margin-top: 2rem; border-top: 1px solid var(--rule); color: var(--soft); }
        @media (max-width: 36rem) { .timeline { display: none; } }
        @media print {
          body { max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.3; }
          h1 { font-size: 14pt; }
          h2 { font-size: 11pt; margin: 0.75rem 0 0.25rem; }
          th, td { padding: 0.1rem 0.5rem 0.1rem 0; }
          .narrow th:first-child { width: 14%; }
          .list table { display: none; }
          .timeline { max-width: 34rem; }
          header { padding: 0.5rem 0.75rem; }
          tr, header, svg { break-inside: avoid; }
          h1, h2, caption { break-after: avoid; }
          thead { display: table-header-group; }
          a { color: inherit; text-decoration: none; }
          summary { list-style: none; }
        }
        @page { margin: 12mm; }

        """
}
