package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is never read as a form, whatever its content type: curl and some clients send their JSON with
 * the type of a form.
 */
final class MatrixRequest extends HttpServletRequestWrapper {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Map<String, String[]> parameters;

    MatrixRequest(HttpServletRequest request) {
        super(request);
        parameters = QueryParameters.parse(request.getQueryString());
    }

    @Override
    public @Nullable String getContentType() {
        String type = super.getContentType();
        return type != null && type.regionMatches(true, 0, FORM, 0, FORM.length()) ? "application/json" : type;
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Collections.unmodifiableMap(parameters);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters.keySet());
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return parameters.get(name);
    }
}
