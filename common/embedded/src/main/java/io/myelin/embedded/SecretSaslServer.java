package io.myelin.embedded;

import java.util.Arrays;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** The broker's side of {@link SecretExchange}. */
final class SecretSaslServer implements SaslServer {
    private final char[] secret;
    private final byte[] nonce = SecretExchange.nonce();
    private byte @Nullable [] clientNonce;
    private boolean complete;

    SecretSaslServer(CallbackHandler handler) throws SaslException {
        secret = SecretSaslClient.secret(handler);
    }

    @Override
    public String getMechanismName() {
        return BrokerAuthentication.MECHANISM;
    }

    @Override
    public byte[] evaluateResponse(byte[] response) throws SaslException {
        var known = clientNonce;
        if (known == null) {
            if (response.length != SecretExchange.NONCE_BYTES) {
                throw new SaslException("This is no nonce");
            }
            clientNonce = response.clone();
            return SecretExchange.answer(secret, response, nonce);
        }
        if (complete || !SecretExchange.isProof(response, secret, SecretExchange.Side.CLIENT, known, nonce)) {
            throw new SaslAuthenticationException("The broker's secret is another one");
        }
        complete = true;
        return new byte[0];
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public String getAuthorizationID() {
        if (!complete) {
            throw new IllegalStateException("Not authenticated yet");
        }
        return "myelin";
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int len) {
        throw new IllegalStateException("Only the beginning of a connection is protected");
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int len) {
        throw new IllegalStateException("Only the beginning of a connection is protected");
    }

    @Override
    public @Nullable Object getNegotiatedProperty(String propName) {
        return null;
    }

    @Override
    public void dispose() {
        Arrays.fill(secret, '\0');
    }
}
