package io.myelin.allinone;

import io.myelin.web.InternalSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request from a tool on this machine to a process that stores its port and its secret in files. If another process
 * listens at that port, it does not learn the secret, and its answer is not accepted.
 */
final class InternalRequest {
    private static final int CONNECT_MILLIS = 2_000;

    private InternalRequest() {}

    /** The answer of the process. */
    record Answer(int status, String text) {}

    /** @throws IOException if nobody answers, or the answer does not prove the secret */
    static Answer send(String method, String port, Path secretFile, String path, String json, Duration patience)
            throws IOException {
        var address = URI.create("http://127.0.0.1:" + port + path);
        var secret = new InternalSecret(Files.readString(secretFile).strip());
        var body = json.getBytes(StandardCharsets.UTF_8);
        var proof = secret.prove(method, address, body);
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout((int) patience.toMillis());
        connection.setRequestMethod(method);
        connection.setRequestProperty(InternalSecret.REQUEST, proof.header());
        if (body.length > 0) {
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.getOutputStream().write(body);
        }
        var status = connection.getResponseCode();
        var answer = read(status < 400 ? connection.getInputStream() : connection.getErrorStream());
        var given = connection.getHeaderField(InternalSecret.ANSWER);
        if (!secret.isAnswer(proof, status, null, answer, given)) {
            throw new IOException(
                    "Whoever listens at " + address.getAuthority() + " does not know the server's secret.");
        }
        return new Answer(status, new String(answer, StandardCharsets.UTF_8));
    }

    /** @param body null if there is none */
    private static byte[] read(@Nullable InputStream body) throws IOException {
        var all = new ByteArrayOutputStream();
        if (body != null) {
            body.transferTo(all);
        }
        return all.toByteArray();
    }
}
