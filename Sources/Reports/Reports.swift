// One report value in every format: text, JSON, Markdown, HTML, SARIF, JUnit, OSCAL and in-toto statements.
//
// A format takes a `Report` and gives bytes. The same report always gives the same bytes; nothing is looked up and
// no rule is applied here.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let page = try ReportFormat.html.render(report, version: "0.3.0")
