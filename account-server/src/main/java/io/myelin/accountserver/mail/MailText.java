package io.myelin.accountserver.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of a mail. The first line is the subject, the rest the body; {@code {name}} stands for what is filled in.
 *
 * @param subject without line breaks
 */
record MailText(String subject, String body) {
    /** The largest text of an operator's own. */
    private static final int MAX_BYTES = 64 << 10;

    /**
     * Reads a text: the operator's own, or the one that comes with the program.
     *
     * @param own the directory of the operator's texts
     * @throws IllegalStateException if the operator's own cannot be read
     */
    static MailText read(String name, @Nullable Path own) {
        Path file = own == null ? null : own.resolve(name + ".txt");
        if (file != null && Files.exists(file)) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > MAX_BYTES) {
                    throw new IllegalStateException("The text of a mail, " + file + ", has too many bytes.");
                }
                return parse(new String(bytes, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IllegalStateException("The text of a mail cannot be read: " + e.getMessage(), e);
            }
        }
        try (InputStream in = Objects.requireNonNull(MailText.class.getResourceAsStream(name + ".txt"))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MailText parse(String text) {
        int end = text.indexOf('\n');
        return end < 0
                ? new MailText(text.strip(), "")
                : new MailText(
                        text.substring(0, end).strip(), text.substring(end + 1).strip() + "\n");
    }

    MailText with(Map<String, String> values) {
        return new MailText(fill(subject, values).replaceAll("\\s+", " "), fill(body, values));
    }

    private static String fill(String text, Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("{" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }
}
