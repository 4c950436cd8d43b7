import CloseoutIndex
import CloseoutTestSupport
import Testing

@Suite("Looking for bundles in folders")
struct SearchTests {
    private static let bundle = repositoryRoot + "/fixtures/released/key/bundle"

    @Test(
        "children and grandchildren are found, links are not followed, and the rest is passed over")
    func finds() async throws {
        try await withTemporaryDirectory { folder in
            let commands = """
                mkdir -p a/product b/deep/deeper .closeout-tmp-x files
                cp -r "$0" a/one; cp -r "$0" a/product/two; cp -r "$0" b/deep/three
                cp -r "$0" b/deep/deeper/four; cp -r "$0" .closeout-tmp-x/five
                ln -s one a/link; ln -s ../a b/folder; ln -s one.tar a/link.closeout.tar
                "$1" pack a/one -o a/packed.tar >/dev/null; printf x >a/other.tar
                printf x >a/broken.closeout.tar; mkfifo a/pipe.closeout.tar; mkdir a/empty.closeout
                i=0; while [ $i -lt 10000 ]; do echo files/$i.txt; i=$((i + 1)); done | xargs touch
                """
            _ = try await runSuccessfully(
                "sh", ["-c", commands, Self.bundle, closeoutExecutable], workingDirectory: folder)
            let places = ["a", "b", "files", ".closeout-tmp-x"].map {
                Array("\(folder)/\($0)".utf8)
            }
            let search = try BundleSearch(in: Array(places.dropLast()))
            let paths = search.found.map { String(decoding: $0.path, as: UTF8.self) }
            let names = paths.map { String($0.dropFirst(folder.utf8.count + 1)) }
            #expect(
                names == [
                    "a/broken.closeout.tar", "a/empty.closeout", "a/one", "a/packed.tar",
                    "a/product/two", "b/deep/three",
                ])
            #expect(search.links == 3 && !search.isCut && search.faults == [])
            #expect(Set(search.found.map(\.id)).count == names.count)
            #expect(search.found.allSatisfy { $0.id.utf8.count == 32 })
            // The folder above them has no bundle that is near enough but those of `a` and `b`.
            let above = try BundleSearch(in: [Array(folder.utf8)])
            #expect(above.found.count == 4)
        }
    }

    @Test("a bundle has the same id by whatever path it was named, and is there once")
    func ids() async throws {
        try await withTemporaryDirectory { folder in
            _ = try await runSuccessfully(
                "sh", ["-c", "cp -r \"$0\" one; ln -s . again", Self.bundle],
                workingDirectory: folder)
            let search = try BundleSearch(
                in: ["\(folder)/one", "\(folder)/again/one/", "\(folder)/nosuch"].map {
                    Array($0.utf8)
                })
            #expect(search.found.count == 2)
            #expect(search.found.first?.path == Array("\(folder)/one".utf8))
        }
    }

    @Test("a folder that cannot be read is named")
    func faults() async throws {
        try await withTemporaryDirectory { folder in
            try makeDirectory(folder + "/closed")
            _ = try await runSuccessfully("chmod", ["0", folder + "/closed"])
            let search = try BundleSearch(in: [Array(folder.utf8)])
            // Whoever may read everything sees that it is empty.
            let canRead = try await run("ls", [folder + "/closed"]).status == 0
            #expect(search.faults.count == (canRead ? 0 : 1))
            _ = try await runSuccessfully("chmod", ["700", folder + "/closed"])
        }
    }
}
