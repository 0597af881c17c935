package io.myelin.settings;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Where the server listens. */
public record ListenerSettings(
        @Setting("The address to listen on. `0.0.0.0` is all of this machine's; then think about `registration`.")
        @DefaultValue("127.0.0.1")
        String address,

        @Setting(value = "The port for clients, plain HTTP.", min = 1, max = 65535) @DefaultValue("8008")
        int clientPort,

        @Setting(value = "The port for other servers, HTTPS.", min = 1, max = 65535) @DefaultValue("8448")
        int federationPort,

        @Setting(
                "Whether the federation port serves clients too, as conformance harnesses ask for. Otherwise it serves "
                        + "other servers alone. (The client port serves both, for a proxy that forwards everything to it.)")
        @DefaultValue("false")
        boolean federationServesClients,

        @Setting(
                value = "The port for `./myelin user add` and for other processes of this server; "
                        + "0 lets the server choose one.",
                min = 0,
                max = 65535)
        @DefaultValue("0")
        int internalPort,

        @Setting("The address of the internal port. Never one that strangers reach.") @DefaultValue("127.0.0.1")
        String internalAddress,

        @Setting("Where the server's other processes reach the internal port. "
                + "`http://<internal-address>:<internal-port>` if not set.")
        @Nullable
        URI internalUrl,

        @Setting(value = "How many requests are worked on or parked at once.", min = 64, max = 1_000_000)
        @DefaultValue("20000")
        int maxThreads,

        @Setting(
                value = "How many connections clients and other servers may have at once; further ones wait. "
                        + "0 is as many as the process may open files, less those that it needs for the rest.",
                min = 0,
                max = 10_000_000)
        @DefaultValue("0")
        int maxConnections,

        @Setting(
                value = "How many of those one address may have at once; further ones are closed. "
                        + "0 is a quarter of all. Trusted proxies may have any number.",
                min = 0,
                max = 10_000_000)
        @DefaultValue("0")
        int connectionsOfAddress,

        @Setting(
                value = "Proxies that say in `X-Forwarded-For` for whom they ask. Limits for each client's address "
                        + "count by that; what others say there is not believed.",
                pattern = "[0-9A-Fa-f.:]+/[0-9]{1,3}(,\\s*[0-9A-Fa-f.:]+/[0-9]{1,3})*",
                form = "networks with commas between: `127.0.0.1/32, ::1/128, 10.1.0.0/16`")
        @DefaultValue("127.0.0.1/32, ::1/128")
        String trustedProxies) {}
