package io.myelin.accountserver.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes pages for people. They load nothing but what they say, and no other site shows them in a frame. */
final class Html {
    private static final String STYLE = "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;"
            + "padding:0 1rem}button,input[type=submit]{font:inherit;padding:.4rem 1rem}";

    /** Tells the client that opened the page that its user is done. Client-server API, "Fallback". */
    static final String DONE_SCRIPT = "if(window.onAuthDone){window.onAuthDone()}"
            + "else if(window.opener&&window.opener.postMessage){window.opener.postMessage('authDone','*')}";

    private Html() {}

    /** Text in an element or in a quoted attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A field of a form that nobody sees. */
    static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escape(value) + "\">";
    }

    static void write(HttpServletResponse response, int status, String title, String body) throws IOException {
        write(response, status, title, body, "", "script-src 'none'");
    }

    /** A page that tells the client that its user is done. */
    static void writeDone(HttpServletResponse response, String nonce) throws IOException {
        write(
                response,
                200,
                "Thank you",
                "<p>You can close this window and go back to your client.</p>",
                script(nonce, DONE_SCRIPT),
                "script-src 'nonce-" + nonce + "'");
    }

    static String script(String nonce, String code) {
        return "<script nonce=\"" + nonce + "\">" + code + "</script>";
    }

    /**
     * Writes a page.
     *
     * @param title plain text
     * @param body HTML
     * @param scripts HTML
     * @param policy what scripts and frames it may load, as the Content-Security-Policy says it
     */
    static void write(
            HttpServletResponse response, int status, String title, String body, String scripts, String policy)
            throws IOException {
        String page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escape(title) + "</title>"
                + "<style>" + STYLE + "</style></head><body><h1>" + escape(title) + "</h1>" + body + scripts
                + "</body></html>";
        response.setStatus(status);
        response.setContentType("text/html;charset=utf-8");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'; " + policy);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }
}
