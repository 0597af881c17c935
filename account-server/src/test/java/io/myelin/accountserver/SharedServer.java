package io.myelin.accountserver;

import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.TestEngines;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the {@link Accounts} of one server to all tests of the JVM; the server is closed after the last of them. */
final class SharedServer implements ParameterResolver {
    private static final ExtensionContext.Namespace SERVERS = ExtensionContext.Namespace.create(SharedServer.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Accounts.class;
    }

    @Override
    public Accounts resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return new Accounts(context.getRoot()
                .getStore(SERVERS)
                .computeIfAbsent(RunningServer.class, _ -> start(), RunningServer.class));
    }

    private static RunningServer start() {
        var database = TestEngines.shared().freshDatabase("account_server");
        return RunningServer.start(new DatabaseLogin(database.url(), database.user(), database.password()));
    }
}
