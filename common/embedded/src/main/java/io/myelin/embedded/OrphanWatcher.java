package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Stops PostgreSQL some time after this process has died, however it died, unless another has taken over.
 *
 * <p>A shell in a session of its own, so that no signal to our process group reaches it, reads from a pipe that only
 * this process holds: the process's death is the end of the pipe. Each line in the pipe is the postmaster's process
 * by now. A file beside the database says who looks after it; the shell leaves when that is somebody else.
 */
final class OrphanWatcher implements AutoCloseable {
    private static final String SCRIPT = """
            owner_file=$1 owner=$2 linger=$3 pid=
            while read -r line; do pid=$line; done
            [ -n "$pid" ] || exit 0
            is_postgres() {
                case $(ps -o comm= -p "$pid" 2>/dev/null) in *postgres*) return 0 ;; *) return 1 ;; esac
            }
            while [ "$linger" -gt 0 ] && [ -f "$owner_file" ]; do
                [ "$(cat "$owner_file" 2>/dev/null)" = "$owner" ] && is_postgres || exit 0
                sleep 1
                linger=$((linger - 1))
            done
            is_postgres || exit 0
            if [ -f "$owner_file" ]; then
                [ "$(cat "$owner_file" 2>/dev/null)" = "$owner" ] && kill -INT "$pid"
            else
                kill -QUIT "$pid"
            fi
            """;

    private final Process shell;

    private OrphanWatcher(Process shell) {
        this.shell = shell;
    }

    /** Declares this process the owner of the database and starts the watcher. */
    static OrphanWatcher start(Path ownerFile, Duration linger) {
        var owner = ProcessHandle.current().pid() + " " + UUID.randomUUID();
        try {
            DurableFile.write(ownerFile, owner + "\n");
            var shell = new ProcessBuilder(
                            "setsid",
                            "sh",
                            "-c",
                            SCRIPT,
                            "myelin-orphan-watcher",
                            ownerFile.toString(),
                            owner,
                            Long.toString(linger.toSeconds()))
                    .directory(Path.of("/").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new OrphanWatcher(shell);
        } catch (IOException e) {
            throw new UncheckedIOException("The watcher of the database cannot be started: " + e.getMessage(), e);
        }
    }

    /** Tells the watcher which process to stop. */
    void watch(long postmaster) {
        try {
            var pipe = shell.getOutputStream();
            pipe.write((postmaster + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The watcher of the database is gone: " + e.getMessage(), e);
        }
    }

    /** Sends the watcher away; to be called when the database is down. */
    @Override
    public void close() {
        shell.destroy();
    }
}
