package io.myelin.federationsend.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The name and version of this program. */
public final class ProgramVersion {
    public static final String NAME = "Myelin";

    private ProgramVersion() {}

    /** The version, such as {@code 0.1.0-SNAPSHOT}. */
    public static String version() {
        try (var in = Objects.requireNonNull(ProgramVersion.class.getResourceAsStream("version.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
