package io.myelin.web;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How the processes of a server prove to each other that they know its secret, without sending it. Any user of the
 * machine may listen at the port of a process that is down; such a listener learns nothing that can be used elsewhere
 * or later.
 *
 * <p>A request has an HMAC-SHA256 over its method, path and body, the port that it is meant for, the time, the caller
 * and a number that the caller uses once. The answer has an HMAC-SHA256 over the request's proof and over its own
 * content.
 */
public final class InternalSecret {
    /** The header of a request: {@code <milliseconds> <caller> <number> <SHA-256 of the body> <HMAC>}. */
    public static final String REQUEST = "Myelin-Request-Proof";

    /** The header of an answer: the HMAC. */
    public static final String ANSWER = "Myelin-Answer-Proof";

    /** A header of answers, included in the proof: the address to ask instead. */
    public static final String OWNER = "Myelin-Owner";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int PARTS = 5;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final SecretKeySpec key;
    private final String caller;
    private final AtomicLong number = new AtomicLong();

    public InternalSecret(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("The internal listener needs a secret.");
        }
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        caller = HexFormat.of().formatHex(random);
    }

    /**
     * The proof of a request, which its answer refers to.
     *
     * @param header the value of {@link #REQUEST}
     * @param time at which it was made, milliseconds since 1970
     * @param caller the random name of the calling process
     * @param number the request's number among the caller's requests
     * @param bodyHash SHA-256
     */
    public record Proof(String header, long time, String caller, long number, byte[] bodyHash) {
        boolean isOfBody(byte[] body) {
            return MessageDigest.isEqual(bodyHash, sha256(body));
        }
    }

    /** The proof for a request that this process is about to send, once. */
    public Proof prove(String method, URI to, byte[] body) {
        long time = System.currentTimeMillis();
        long next = number.incrementAndGet();
        byte[] hash = sha256(body);
        String content = time + " " + caller + " " + next + " " + HexFormat.of().formatHex(hash);
        String header = content + " " + request(method, target(to), portOf(to), content);
        return new Proof(header, time, caller, next, hash);
    }

    private static String target(URI to) {
        return to.getRawQuery() == null ? to.getRawPath() : to.getRawPath() + "?" + to.getRawQuery();
    }

    /** The port that requests to this address are meant for. */
    public static int portOf(URI address) {
        if (address.getPort() != -1) {
            return address.getPort();
        }
        return "https".equals(address.getScheme()) ? HTTPS : HTTP;
    }

    /**
     * The proof in a request's header, if it was made with the secret. Whether it is new and fits the body is not
     * checked yet.
     *
     * @param target the path and the query as they were received
     */
    @Nullable
    Proof read(@Nullable String header, String method, String target, int port) {
        if (header == null) {
            return null;
        }
        String[] parts = header.split(" ", PARTS + 1);
        if (parts.length != PARTS) {
            return null;
        }
        String content = header.substring(0, header.lastIndexOf(' '));
        String expected = request(method, target, port, content);
        if (!MessageDigest.isEqual(bytes(expected), bytes(parts[PARTS - 1]))) {
            return null;
        }
        try {
            return new Proof(
                    header,
                    Long.parseLong(parts[0]),
                    parts[1],
                    Long.parseLong(parts[2]),
                    HexFormat.of().parseHex(parts[3]));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** The proof for the answer to a request with that proof. */
    public String answer(Proof request, int status, @Nullable String owner, byte[] body) {
        return hmac("answer\n" + request.header() + "\n" + status + "\n" + (owner == null ? "" : owner) + "\n"
                + HexFormat.of().formatHex(sha256(body)));
    }

    /** Whether an answer was made with the secret, and for this very request. */
    public boolean isAnswer(Proof request, int status, @Nullable String owner, byte[] body, @Nullable String given) {
        return given != null && MessageDigest.isEqual(bytes(answer(request, status, owner, body)), bytes(given));
    }

    private String request(String method, String target, int port, String content) {
        return hmac("request\n" + method + "\n" + target + "\n" + port + "\n" + content);
    }

    private String hmac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
