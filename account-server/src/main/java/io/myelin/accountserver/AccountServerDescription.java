package io.myelin.accountserver;

import io.myelin.accountserver.config.AccountServerConfiguration;
import io.myelin.accountserver.settings.AccountServerSettings;
import io.myelin.accountserver.storage.AccountInvariants;
import io.myelin.accountserver.storage.AccountTables;
import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.receipt.ReceiptContracts;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.check.Invariant;
import io.myelin.server.service.ClientRequests;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.Route;
import io.myelin.server.service.ServiceDescription;
import java.util.List;
import java.util.Optional;

/** Owns users: their accounts, devices, profiles and account data; and serves the page that shows the wiring. */
public final class AccountServerDescription implements ServiceDescription {
    @Override
    public String name() {
        return "account-server";
    }

    @Override
    public Role role() {
        return Role.SERVER;
    }

    @Override
    public List<Topic<?>> reads() {
        return List.of(AccountTopics.INPUT);
    }

    @Override
    public List<Topic<?>> writes() {
        return List.of(AccountTopics.OUTPUT);
    }

    @Override
    public List<Topic.Commands<?>> orders() {
        return List.of(RoomTopics.INPUT);
    }

    @Override
    public List<Contract<?>> offers() {
        return List.of(
                AccountContracts.QUERIES,
                AccountContracts.OWNER,
                AccountContracts.INSTANCES,
                AccountContracts.DELAYED_EVENTS,
                AccountContracts.REPORTS,
                AccountContracts.INBOXES,
                AccountContracts.IDENTITY_LOOKUPS);
    }

    @Override
    public List<Contract<?>> asks() {
        return List.of(ReceiptContracts.QUERIES);
    }

    @Override
    public Class<?> configuration() {
        return AccountServerConfiguration.class;
    }

    @Override
    public List<Class<? extends Record>> settings() {
        return List.of(AccountServerSettings.class);
    }

    @Override
    public Optional<ServiceSchema> schema() {
        return Optional.of(ServiceSchema.ofShards(AccountTables.SCHEMA));
    }

    @Override
    public List<Invariant> invariants() {
        return AccountInvariants.ALL;
    }

    @Override
    public int heapMegabytes() {
        return 256;
    }

    @Override
    public ClientRequests clientRequests() {
        return new ClientRequests(
                List.of(Route.exactly("/_matrix/federation/v1/openid", "userinfo")),
                true,
                ClientRequests.Sharing.LEAST_BUSY);
    }

    /** It asks identity servers, recaptcha and CAS, and sends mail. */
    @Override
    public boolean connectsOutside() {
        return true;
    }

    @Override
    public Probe probe() {
        return Probe.get("/_matrix/client/v3/profile/{user}");
    }
}
