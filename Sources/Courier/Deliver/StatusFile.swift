import CloseoutCommandLine
import CloseoutEncodings
import CloseoutFiles

/// The file that says how a service is (docs/delivery.md, "Service").
///
/// It takes the place of nothing but an earlier one.
struct StatusFile {
    /// What the file says that it is.
    static let kind = "closeout/delivery-service/v1"
    private static let mostBytes = 16 << 20

    /// Where it is.
    let path: [UInt8]
    private let file: ReplacedFile

    /// Finds the place.
    ///
    /// - Throws: `CommandFailure`, 73, where something else is there, or the place is inside a bundle.
    init(_ path: [UInt8]) throws {
        self.path = path
        file = try ReplacedFile(path)
        guard (try? fileStatus(path)) != nil else { return }
        let bytes = try readInput(path, limit: Self.mostBytes).bytes
        guard bytes.isEmpty || (try? JSON(parsing: bytes))?["kind"] == JSON(Self.kind) else {
            throw CommandFailure(
                .cannotCreate,
                "\(printable(path)) is not the status file of a service, and would be replaced",
                hint: "choose another place; nothing was written")
        }
    }

    /// Puts it in place, whole.
    func write(_ json: JSON) throws {
        try file.write(json.printedBytes + [UInt8(ascii: "\n")])
    }
}
