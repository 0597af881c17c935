package io.myelin.server.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The wiring page: one HTML file with its style and script inside. Its policy lets a browser run only that script,
 * apply only that style and ask only this server. The file contains nothing secret; the page requests the data that it
 * shows.
 */
final class Page {

    private static final String FILE = "wiring.html";

    private final byte[] html;
    private final String policy;

    Page() {
        try (var file = Page.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is missing");
            }
            html = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        policy = "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'; script-src " + hashesOf("script") + "; style-src " + hashesOf("style");
    }

    byte[] html() {
        return html;
    }

    /** The Content-Security-Policy. */
    String policy() {
        return policy;
    }

    private String hashesOf(String element) {
        return Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL)
                .matcher(new String(html, StandardCharsets.UTF_8))
                .results()
                .map(match -> "'sha256-" + sha256(match.group(1)) + "'")
                .collect(Collectors.joining(" "));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
