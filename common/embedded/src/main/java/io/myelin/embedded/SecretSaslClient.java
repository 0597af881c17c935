package io.myelin.embedded;

import java.io.IOException;
import java.util.Arrays;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** The client's side of {@link SecretExchange}. */
final class SecretSaslClient implements SaslClient {
    private final char[] secret;
    private final byte[] nonce = SecretExchange.nonce();
    private boolean begun;
    private boolean complete;

    SecretSaslClient(CallbackHandler handler) throws SaslException {
        secret = secret(handler);
    }

    /** The secret that the login module provides. */
    static char[] secret(CallbackHandler handler) throws SaslException {
        var password = new PasswordCallback("secret", false);
        try {
            handler.handle(new Callback[] {password});
        } catch (IOException | UnsupportedCallbackException e) {
            throw new SaslException("The broker's secret is not known here", e);
        }
        if (password.getPassword() == null) {
            throw new SaslException("The broker's secret is not known here");
        }
        return password.getPassword();
    }

    @Override
    public String getMechanismName() {
        return BrokerAuthentication.MECHANISM;
    }

    @Override
    public boolean hasInitialResponse() {
        return true;
    }

    @Override
    public byte[] evaluateChallenge(byte @Nullable [] challenge) throws SaslException {
        if (!begun) {
            begun = true;
            return nonce.clone();
        }
        if (complete || challenge == null || challenge.length <= SecretExchange.NONCE_BYTES) {
            throw new SaslException("The broker has answered what nobody asked");
        }
        var serverNonce = Arrays.copyOf(challenge, SecretExchange.NONCE_BYTES);
        var proof = Arrays.copyOfRange(challenge, SecretExchange.NONCE_BYTES, challenge.length);
        if (!SecretExchange.isProof(proof, secret, SecretExchange.Side.SERVER, nonce, serverNonce)) {
            throw new SaslException("Whoever listens at the broker's port does not know its secret");
        }
        complete = true;
        return SecretExchange.proof(secret, SecretExchange.Side.CLIENT, nonce, serverNonce);
    }

    @Override
    public boolean isComplete() {
        return complete;
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
