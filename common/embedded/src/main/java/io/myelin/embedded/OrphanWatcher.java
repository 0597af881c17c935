package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stops PostgreSQL some time after this process has died, however it died, unless another process has taken PostgreSQL
 * over.
 *
 * <p>A shell reads from a pipe that only this process holds, so the process's death ends the pipe. The shell has a
 * session of its own, so that no signal to this process's group reaches it. Each line in the pipe is the postmaster's
 * current process id. A file beside the database names the watching process; the shell exits when that is another one.
 *
 * <p>In a container where this process is the first one there is no shell: nothing there outlives it.
 */
final class OrphanWatcher implements AutoCloseable {
    private static final String SCRIPT = """
            owner_file=$1 owner=$2 linger=$3 pid=
            while read -r line; do pid=$line; done
            [ -n "$pid" ] || exit 0
            is_postgres() {
                if [ -d /proc/self ]; then name=$(cat "/proc/$pid/comm" 2>/dev/null)
                else name=$(ps -o comm= -p "$pid" 2>/dev/null); fi
                case $name in *postgres*) return 0 ;; *) return 1 ;; esac
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

    private static final long FIRST_PROCESS = 1;

    private final @Nullable Process shell;

    private OrphanWatcher(@Nullable Process shell) {
        this.shell = shell;
    }

    /** Writes this process as the owner into {@code ownerFile}, and starts the watcher. */
    static OrphanWatcher start(Path ownerFile, Duration linger) {
        var owner = ProcessHandle.current().pid() + " " + UUID.randomUUID();
        try {
            DurableFile.write(ownerFile, owner + "\n");
            if (ProcessHandle.current().pid() == FIRST_PROCESS) {
                return new OrphanWatcher(null);
            }
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
        if (shell == null) {
            return;
        }
        try {
            var pipe = shell.getOutputStream();
            pipe.write((postmaster + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The watcher of the database is gone: " + e.getMessage(), e);
        }
    }

    /** Ends the watcher; to be called when the database is down. */
    @Override
    public void close() {
        if (shell != null) {
            shell.destroy();
        }
    }
}
