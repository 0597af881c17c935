package io.myelin.server.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What the program was built from.
 *
 * @param version as in the poms
 * @param commit the git commit, or {@code unknown} if the build was not told
 */
public record Build(String version, String commit) {
    private static final String FILE = "/io/myelin/build.properties";

    /** The build of the program that runs here. */
    public static Build ofThisProgram() {
        var properties = new Properties();
        try (InputStream file = Build.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is missing from the class path");
            }
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Build(properties.getProperty("version"), properties.getProperty("commit"));
    }
}
