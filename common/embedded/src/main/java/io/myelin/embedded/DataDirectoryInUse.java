package io.myelin.embedded;

import java.nio.file.Path;

/** Another process has this data directory; the message names both, and is meant for whoever started this one. */
public final class DataDirectoryInUse extends IllegalStateException {
    DataDirectoryInUse(Path directory, String pid) {
        super("The data in " + directory + " are in use by a running Myelin (process "
                + (pid.isEmpty() ? "unknown" : pid) + "). Stop it first, or choose another directory with --data.");
    }
}
