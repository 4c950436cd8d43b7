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
    DatabaseValue.Storage.blob(collected(bytes)).value
}

private func collected<Bytes: RangeReplaceableCollection>(_ bytes: [UInt8]) -> Bytes
where Bytes.Element == UInt8 {
    Bytes(bytes)
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
    func rows(_ sql: String, _ arguments: [Bound]) throws -> [FoundRow] {
        let statement = try cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments))
            .map { FoundRow(columns: statement.columnNames, row: $0) }
    }

    /// The only row that a query gives; nil where it gives none.
    func row(_ sql: String, _ arguments: [Bound]) throws -> FoundRow? {
        let statement = try cachedStatement(sql: sql)
        return try Row.fetchOne(statement, arguments: StatementArguments(arguments))
            .map { FoundRow(columns: statement.columnNames, row: $0) }
    }
}

/// A row that a query gave, with the names of its columns.
///
/// A row by itself finds a column by comparing small letters of all names before it, each time.
struct FoundRow {
    fileprivate let columns: [String]
    fileprivate let row: Row

    private func decode<Value: DatabaseValueConvertible>(
        _ type: Value.Type, _ column: String
    ) throws -> Value {
        try row.decode(type, atIndex: try index(of: column))
    }

    private func decode<Value: DatabaseValueConvertible>(
        _ type: Value?.Type, _ column: String
    ) throws -> Value? {
        try row.decode(type, atIndex: try index(of: column))
    }

    private func index(of column: String) throws -> Int {
        guard let index = columns.firstIndex(of: column) else { throw OutboxError.damaged }
        return index
    }

    func text(_ column: String) throws -> String { try decode(String.self, column) }

    func integer(_ column: String) throws -> Int { try decode(Int.self, column) }

    func integerIfPresent(_ column: String) throws -> Int? { try decode(Int?.self, column) }

    func flag(_ column: String) throws -> Bool { try integer(column) != 0 }

    func instant(_ column: String) throws -> Instant {
        try instant(seconds: try decode(Int64.self, column))
    }

    func instantIfPresent(_ column: String) throws -> Instant? {
        try decode(Int64?.self, column).map { try instant(seconds: $0) }
    }

    func choice<Choice: RawRepresentable<String>>(_ column: String) throws -> Choice {
        guard let choice = Choice(rawValue: try text(column)) else { throw OutboxError.damaged }
        return choice
    }

    func choiceIfPresent<Choice: RawRepresentable<String>>(_ column: String) throws -> Choice? {
        try textIfPresent(column) == nil ? nil : try choice(column)
    }

    func textIfPresent(_ column: String) throws -> String? {
        try decode(String?.self, column)
    }

    func bytes(_ column: String) throws -> [UInt8] {
        let value = try decode(DatabaseValue.self, column)
        guard case .blob(let bytes) = value.storage else { throw OutboxError.damaged }
        return [UInt8](bytes)
    }

    func digest(_ column: String) throws -> SHA256Digest {
        guard let digest = SHA256Digest(try bytes(column)) else { throw OutboxError.damaged }
        return digest
    }

    func digestIfPresent(_ column: String) throws -> SHA256Digest? {
        let value = try decode(DatabaseValue.self, column)
        return value.isNull ? nil : try digest(column)
    }

    private func instant(seconds: Int64) throws -> Instant {
        guard let instant = Instant(secondsSince1970: seconds) else { throw OutboxError.damaged }
        return instant
    }
}
