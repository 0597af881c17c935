package io.myelin.embedded;

import java.nio.file.Path;

/** Another process has this data directory. The message names both, for the user who started this process. */
public final class DataDirectoryInUse extends IllegalStateException {
    DataDirectoryInUse(Path directory, String pid) {
        super("The data in " + directory + " are in use by a running Myelin (process "
                + (pid.isEmpty() ? "unknown" : pid) + "). Stop it first, or choose another directory with --data.");
    }
}
