package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a form that a browser has sent, for the few pages that people use. */
public final class FormFields {
    private final Map<String, String[]> fields;

    private FormFields(Map<String, String[]> fields) {
        this.fields = fields;
    }

    /**
     * Reads the body of a request as a form.
     *
     * @throws MatrixException 413 if it has more than {@code maxBytes}
     */
    public static FormFields of(HttpServletRequest request, int maxBytes) throws IOException {
        byte[] body = request.getInputStream().readNBytes(maxBytes + 1);
        if (body.length > maxBytes) {
            throw new MatrixException(413, "M_TOO_LARGE", "A form has at most " + maxBytes + " bytes.");
        }
        return new FormFields(QueryParameters.parse(new String(body, StandardCharsets.UTF_8)));
    }

    /** The first value of a field; null if there is none, or one that the database cannot store. */
    public @Nullable String get(String name) {
        String[] values = fields.get(name);
        return values == null || values[0].indexOf('\0') >= 0 ? null : values[0];
    }
}
