package io.myelin.embedded;

import java.nio.file.Path;

/** The directory for unpacked programs, which all servers of a user share. */
public final class EngineCache {
    private EngineCache() {}

    /** The system property {@code myelin.cache}, else {@code $XDG_CACHE_HOME/myelin}, else {@code ~/.cache/myelin}. */
    public static Path directory() {
        var chosen = System.getProperty("myelin.cache");
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        var caches = System.getenv("XDG_CACHE_HOME");
        return caches == null || caches.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "myelin")
                : Path.of(caches, "myelin");
    }
}
