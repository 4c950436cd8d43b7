import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutWorkflows

extension CommandFailure {
    /// The words and the exit code for whatever a stage threw.
    package init(telling error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as WorkflowError: self.init(workflow: error)
        case let error as BundleError: self.init(bundle: error)
        case let error as FileError: self.init(file: error)
        case let error as ManifestError: self.init(manifest: error)
        case let error as SealError: self.init(.malformed, "seal.json: \(error)")
        case is TrustError, is KeyError, is SignatureError, is CriteriaError, is RecordError,
            is JSONError, is JSONShapeError, is NoteError, is CMSError, is OpenPGPError,
            is LogLineError:
            self.init(.malformed, "\(error)")
        case let error as ByteSourceError:
            self.init(
                .malformed, "the signed bytes: \(error)",
                hint: "save them to a file, and give its path")
        default: self.init(.internal, "\(error)")
        }
    }

    private init(workflow error: WorkflowError) {
        switch error {
        case .refused(let refusal):
            self.init(ExitStatus(refusal.kind), refusal.message, hint: refusal.hint)
        case .bundle(let error): self.init(bundle: error)
        case .manifest(let error): self.init(manifest: error)
        case .file(let error): self.init(file: error)
        case .openSSL(let error): self.init(telling: error)
        case .malformed(let error): self.init(telling: error)
        }
    }

    private init(bundle error: BundleError) {
        let message = error.description
        switch error {
        case .notABundle(let path, _):
            self.init(.missing, message, hint: foreignFile(at: path)?.remedyForBundle)
        case .packed(let path):
            self.init(
                .usage, message,
                hint: "unpack it first: closeout unpack \(shellQuoted(path)) -o DIR")
        case .untrue:
            self.init(.failed, message, hint: "run `closeout verify` to see all that is wrong")
        case .malformed, .notPacked: self.init(.malformed, message)
        case .exists: self.init(.cannotCreate, message)
        case .privateKey:
            self.init(.malformed, message, hint: "give the public key or the signature instead")
        case .logInDoubt:
            self.init(.malformed, message, hint: "run `closeout verify` to see what is wrong")
        case .wrongLink:
            self.init(
                .malformed, message,
                hint: "nothing was stored; `closeout show BUNDLE --evidence` lists the records")
        case .limit: self.init(.malformed, message)
        case .file(let file): self.init(file: file)
        case .failed: self.init(.internal, message)
        }
    }

    /// Input that is too large or no file is 65, missing input 66, a target that cannot be made 73, all
    /// else that the system says 74.
    package init(file error: FileError) {
        let name = error.path.isEmpty ? "an empty name" : printable(error.path)
        let message = "\(name): \(error.problem)"
        if error.isDiskFull {
            self.init(.inputOutput, message, hint: "free some space; nothing was left half-written")
            return
        }
        if case .locked = error.cause {
            let holder = "`lslocks` or `fuser -v \(shellQuoted(error.path))` shows which"
            self.init(
                .inputOutput, message,
                hint: "\(holder); wait for it or end it, or wait longer: CLOSEOUT_LOCK_WAIT=SECONDS"
            )
            return
        }
        if error.operation == .makeThread {
            self.init(
                .inputOutput, error.problem,
                hint: "`ulimit -u` and `ulimit -v` print the limits of threads and of memory")
            return
        }
        if error.isShortage {
            self.init(
                .inputOutput, message,
                hint: "`ulimit -n` and `ulimit -v` print the limits of open files and of memory")
            return
        }
        self.init(error.exitStatus, message)
    }
}

extension FileError {
    /// The exit code for it (docs/command-line.md, "Exit codes").
    package var exitStatus: ExitStatus {
        switch cause {
        case .tooLarge, .notRegular: return .malformed
        case .system where isShortage: return .inputOutput
        default: break
        }
        switch operation {
        case .create, .createInside, .makeDirectory, .rename: return .cannotCreate
        default: return isMissing ? .missing : .inputOutput
        }
    }
}
