import FoundationEssentials

/// The absolute path of the repository's root.
package let repositoryRoot: String = {
    let below = "/Tests/TestSupport/Places.swift"
    return String(#filePath.dropLast(below.utf8.count))
}()

/// The folder of tools that `scripts/bootstrap` installs: `CLOSEOUT_TOOLS`, else `.build/tools`.
package let toolCache: String =
    environmentVariable("CLOSEOUT_TOOLS") ?? repositoryRoot + "/.build/tools"

/// The interpreter of the Python environment that `scripts/bootstrap` makes.
///
/// Its packages are those of `scripts/requirements.txt`.
package let pythonTool: String = toolCache + "/python/bin/python3"

/// The `closeout` executable that tests run: `CLOSEOUT_PROGRAM`, such as an optimised one, which is
/// several times faster; else the one that was built together with the tests.
package let closeoutExecutable: String =
    environmentVariable("CLOSEOUT_PROGRAM") ?? builtExecutable

/// The `closeout-courier` executable that tests run: `CLOSEOUT_COURIER`, else the one beside `closeout`.
package let courierExecutable: String =
    environmentVariable("CLOSEOUT_COURIER") ?? closeoutExecutable + "-courier"

/// The path of the `closeout` executable that was built together with the running tests.
package let builtExecutable: String = {
    let tests =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments.first ?? ""
    let folder = tests.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return folder.joined(separator: "/") + "/closeout"
}()

/// The value of a variable of this process's environment, `nil` where it is not set.
package func environmentVariable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
}
