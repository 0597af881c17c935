package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Single sign-on by a CAS server. Client-server API, "SSO client login/authentication". */
public record Cas(
        @Setting("The address of the CAS server, below which `/login` and `/proxyValidate` are. "
                + "There is no single sign-on if it is not set.")
        @Nullable
        URI serverUrl,

        @Setting("Whether somebody who logs in there for the first time gets an account here.") @DefaultValue("true")
        boolean registers,

        @Setting("Whether somebody who logs in there gets the account here that has their name, though it was made "
                + "otherwise. Only where nobody can register a name of their own choice.")
        @DefaultValue("false")
        boolean takesExistingUsers,

        @Setting(value = "The name of the service for people.", pattern = ".{1,100}", form = "up to 100 characters")
        @DefaultValue("CAS")
        String name) {}
