import CloseoutEncodings
import CloseoutOpenSSL
import GRDB

// Values only ever reach the database as bound arguments, and leave it by decoding that throws.

/// A value to bind.
typealias Bound = (any DatabaseValueConvertible)?

/// Bytes as a value to bind.
///
/// The database's type for them is Foundation's, which no module here names: it is inferred.
func blob(_ bytes: [UInt8]) -> Bound {
    DatabaseValue.Storage.blob(gathered(bytes)).value
}

private func gathered<Bytes: RangeReplaceableCollection>(_ bytes: [UInt8]) -> Bytes
where Bytes.Element == UInt8 {
    Bytes(bytes)
}

extension Instant {
    /// The instant as a value to bind.
    var bound: Bound { secondsSince1970 }
}

extension Database {
    /// Runs a statement.
    ///
    /// - Returns: How many rows it changed.
    @discardableResult
    func run(_ sql: String, _ arguments: [Bound]) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        return changesCount
    }

    /// The rows that a query gives.
    func rows(_ sql: String, _ arguments: [Bound] = []) throws -> [Row] {
        try Row.fetchAll(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// The number that a query gives.
    func number(_ sql: String, _ arguments: [Bound] = []) throws -> Int {
        try Int.fetchOne(try cachedStatement(sql: sql), arguments: StatementArguments(arguments))
            ?? 0
    }

    /// A page of the rows of a query, which names no limit of its own.
    func page<Item: Sendable>(
        _ number: Int, of size: Int, total: Int, _ sql: String, _ arguments: [Bound],
        _ make: (Row) throws -> Item
    ) throws -> IndexPage<Item> {
        let last = max(0, (total - 1) / size)
        let page = min(max(number, 0), last)
        let rows = try rows("\(sql) LIMIT ? OFFSET ?", arguments + [size, page * size])
        return IndexPage(
            total: total, page: page, pages: last + 1, items: try rows.map { try make($0) })
    }
}

extension Row {
    func text(_ column: String) throws -> String { try decode(String.self, forColumn: column) }

    func textIfPresent(_ column: String) throws -> String? {
        try decode(String?.self, forColumn: column)
    }

    func integer(_ column: String) throws -> Int { try decode(Int.self, forColumn: column) }

    func instant(_ column: String) throws -> Instant {
        guard let instant = try instantIfPresent(column) else { throw IndexError.damaged }
        return instant
    }

    func instantIfPresent(_ column: String) throws -> Instant? {
        guard let seconds = try decode(Int64?.self, forColumn: column) else { return nil }
        guard let instant = Instant(secondsSince1970: seconds) else { throw IndexError.damaged }
        return instant
    }

    func choice<Choice: RawRepresentable<String>>(_ column: String) throws -> Choice {
        guard let choice = Choice(rawValue: try text(column)) else { throw IndexError.damaged }
        return choice
    }

    func choiceIfPresent<Choice: RawRepresentable<String>>(_ column: String) throws -> Choice? {
        try textIfPresent(column) == nil ? nil : try choice(column)
    }

    func bytes(_ column: String) throws -> [UInt8] {
        let value = try decode(DatabaseValue.self, forColumn: column)
        guard case .blob(let bytes) = value.storage else { throw IndexError.damaged }
        return [UInt8](bytes)
    }

    func digest(_ column: String) throws -> SHA256Digest {
        guard let digest = SHA256Digest(try bytes(column)) else { throw IndexError.damaged }
        return digest
    }

    func digestIfPresent(_ column: String) throws -> SHA256Digest? {
        let value = try decode(DatabaseValue.self, forColumn: column)
        return value.isNull ? nil : try digest(column)
    }
}
