package io.myelin.bench;

import java.nio.charset.StandardCharsets;

/** The answer of a server: the HTTP status and the whole body, unchunked. */
record Answer(int status, byte[] body) {

    boolean ok() {
        return status == 200;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The status and the beginning of the body, short enough for one line of a report. */
    String summary() {
        var text = text().replaceAll("\\s+", " ");
        return status + " " + (text.length() > 200 ? text.substring(0, 200) + "…" : text);
    }

    /** How long a server that answered 429 asks clients to wait, in milliseconds; 100 if it does not say. */
    long retryAfterMillis() {
        return Json.parse(body).path("retry_after_ms").asLong(100);
    }
}
