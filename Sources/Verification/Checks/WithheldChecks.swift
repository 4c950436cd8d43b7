import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL

/// Files that whoever passed the bundle on kept back (docs/records.md, "Withheld files").
extension Findings {
    /// Reads the list of them.
    ///
    /// - Returns: The paths that are to be missing.
    mutating func checkWithheld(_ contents: BundleContents) -> Set<[UInt8]> {
        let subject = printable(BundleLayout.withheld)
        guard let bytes = contents.withheld.bytes else {
            if case .missing = contents.withheld {
                notApplicable(.recordWithheld, subject, "nothing was withheld")
            } else {
                unknown(.recordWithheld, subject, "cannot be read")
            }
            return []
        }
        let list: WithheldList
        do throws(BundleError) {
            list = try WithheldList(parsing: bytes)
        } catch {
            fail(.recordWithheld, subject, "\(error)")
            return []
        }
        let files = Dictionary(
            contents.files.map { ($0.entry.path, $0) }, uniquingKeysWith: { first, _ in first })
        for path in list.paths {
            guard let file = files[path] else {
                fail(.recordWithheld, printable(path), "is not in the log, so nobody withheld it")
                continue
            }
            if case .missing = file.reading {
                unknown(
                    .recordWithheld, printable(path), "was withheld from this copy",
                    hint: "ask for the whole bundle")
            } else {
                fail(.recordWithheld, printable(path), "is here, and said to be withheld")
            }
        }
        return Set(list.paths)
    }
}
