// An index over many bundles, to search by release, by digest, by key, and by what ends soon (docs/console.md,
// "Several bundles").
//
// It is made from the bundles and never the truth itself: each row is what a verification by `verifyBundle` said, no rule
// is applied here, and nothing of an earlier run is read. The files of a database are made anew, also those that somebody
// asked to keep.
//
// Example (run by Tests/IndexTests/IndexExample.swift):
//
//     let index = try BundleIndex()
//     let indexer = Indexer(places: [folder], question: question, into: index)
//     await indexer.look()
//     let hits = try index.hits(ofDigest: "5c989bd702ef", page: 0, rows: 100)

import CloseoutFiles
import CloseoutOpenSSL
import GRDB

/// What is known of many bundles, in a database that lives as long as this value.
package final class BundleIndex: Sendable {
    private let queue: DatabaseQueue

    /// Makes an empty index in a file of the system that has no name.
    ///
    /// - Throws: `IndexError` where there is no space for it.
    package convenience init() throws(IndexError) {
        try self.init(at: "")
    }

    /// Makes an empty index in a file that stays, so that other programs can read it; only its owner can.
    ///
    /// - Parameter file: Where. An index that is there is replaced, whatever it holds.
    /// - Throws: `IndexError` where it cannot be made, or something else is there.
    package convenience init(keptAt file: [UInt8]) throws(IndexError) {
        try self.init(at: try IndexFile.prepare(file))
    }

    private init(at path: String) throws(IndexError) {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                // It is made anew after a crash: nothing has to reach the disk.
                try database.execute(sql: "PRAGMA synchronous = OFF")
                try database.execute(sql: "PRAGMA journal_mode = MEMORY")
                try database.execute(sql: "PRAGMA trusted_schema = OFF")
                try database.execute(sql: "PRAGMA cache_size = -65536")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { try IndexSchema.make(in: $0) }
        } catch {
            throw IndexError(error)
        }
    }

    /// Changes rows in one transaction.
    @discardableResult
    func write<Value>(_ body: (Database) throws -> Value) throws(IndexError) -> Value {
        do { return try queue.write(body) } catch { throw IndexError(error) }
    }

    /// Reads one state of the rows.
    func read<Value>(_ body: (Database) throws -> Value) throws(IndexError) -> Value {
        do { return try queue.read(body) } catch { throw IndexError(error) }
    }
}

/// Some of the rows that were asked for.
package struct IndexPage<Item: Sendable>: Sendable {
    /// How many there are on all pages.
    package let total: Int
    /// Which page this is, from 0.
    package let page: Int
    /// How many pages there are, at least 1.
    package let pages: Int
    /// The rows of this page.
    package let items: [Item]
}
