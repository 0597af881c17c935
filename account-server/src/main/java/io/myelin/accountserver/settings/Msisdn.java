package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** How phone numbers are confirmed. Client-server API, "Third-party identifiers". */
public record Msisdn(
        @Setting("The address of an identity server that confirms phone numbers by text messages for this server. No "
                + "phone number can be confirmed if it is not set.")
        @Nullable
        URI delegateUrl) {}
