package io.myelin.embedded;

import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;

/** Provides the secret to the broker's side of a connection. The broker creates it by its class name. */
public final class SecretCallbackHandler implements AuthenticateCallbackHandler {
    private char[] secret = {};

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> logins) {
        secret = String.valueOf(logins.getFirst().getOptions().get("password")).toCharArray();
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (var callback : callbacks) {
            if (!(callback instanceof PasswordCallback password)) {
                throw new UnsupportedCallbackException(callback);
            }
            password.setPassword(secret);
        }
    }

    @Override
    public void close() {}
}
