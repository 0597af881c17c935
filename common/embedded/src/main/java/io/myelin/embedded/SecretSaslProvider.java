package io.myelin.embedded;

import java.security.Provider;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;
import org.jspecify.annotations.Nullable;

/** Registers both sides of the mechanism with the Java platform, by its name. */
final class SecretSaslProvider extends Provider {
    private static final long serialVersionUID = 1;

    SecretSaslProvider() {
        super("MyelinSasl", "1", "The mechanism of Myelin's embedded broker");
        put("SaslClientFactory." + BrokerAuthentication.MECHANISM, Clients.class.getName());
        put("SaslServerFactory." + BrokerAuthentication.MECHANISM, Servers.class.getName());
    }

    /** Created by the Java platform, by class name. */
    public static final class Clients implements SaslClientFactory {
        @Override
        public @Nullable SaslClient createSaslClient(
                String[] mechanisms,
                @Nullable String authorizationId,
                String protocol,
                String serverName,
                Map<String, ?> properties,
                CallbackHandler handler)
                throws SaslException {
            return List.of(mechanisms).contains(BrokerAuthentication.MECHANISM) ? new SecretSaslClient(handler) : null;
        }

        @Override
        public String[] getMechanismNames(@Nullable Map<String, ?> properties) {
            return new String[] {BrokerAuthentication.MECHANISM};
        }
    }

    /** Created by the Java platform, by class name. */
    public static final class Servers implements SaslServerFactory {
        @Override
        public @Nullable SaslServer createSaslServer(
                String mechanism,
                String protocol,
                String serverName,
                Map<String, ?> properties,
                CallbackHandler handler)
                throws SaslException {
            return mechanism.equals(BrokerAuthentication.MECHANISM) ? new SecretSaslServer(handler) : null;
        }

        @Override
        public String[] getMechanismNames(@Nullable Map<String, ?> properties) {
            return new String[] {BrokerAuthentication.MECHANISM};
        }
    }
}
