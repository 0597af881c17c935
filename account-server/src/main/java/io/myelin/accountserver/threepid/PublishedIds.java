package io.myelin.accountserver.threepid;

import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Publishes users' addresses at identity servers, and withdraws them from those at which this server published them. */
public final class PublishedIds {
    private final ThirdPartyIds ids;
    private final IdentityServers servers;
    private final AttemptLimit requests;

    /** @param requests how often a user may cause requests to identity servers */
    public PublishedIds(ThirdPartyIds ids, IdentityServers servers, AttemptLimit requests) {
        this.ids = ids;
        this.servers = servers;
        this.requests = requests;
    }

    /** @throws MatrixException if the identity server refuses */
    public void publish(UserId user, String idServer, String accessToken, String sid, String secret) {
        Validations.checkSecret(secret);
        if (ids.bindings(user).size() >= ThirdPartyIds.MOST) { // What is not remembered could not be withdrawn.
            throw new MatrixException(
                    400, "M_LIMIT_EXCEEDED", "You have published " + ThirdPartyIds.MOST + " addresses already.");
        }
        requests.attempt("identity servers for " + user);
        ThirdPartyId id = servers.bind(IdentityServers.checkName(idServer), accessToken, sid, secret, user);
        ids.bound(user, new ThirdPartyIds.Binding(id, idServer));
    }

    /**
     * Withdraws an address.
     *
     * @param idServer null for all identity servers at which it is known to be
     * @return whether it is withdrawn everywhere; false if no identity server is known
     */
    public boolean withdraw(UserId user, ThirdPartyId id, @Nullable String idServer) {
        List<String> from = idServer != null
                ? List.of(IdentityServers.checkName(idServer))
                : ids.bindings(user).stream()
                        .filter(binding -> binding.id().equals(id))
                        .map(ThirdPartyIds.Binding::idServer)
                        .toList();
        if (from.isEmpty()) {
            return false;
        }
        boolean everywhere = true;
        requests.attempt("identity servers for " + user);
        for (String server : from) {
            everywhere &= withdraw(user, new ThirdPartyIds.Binding(id, server));
        }
        return everywhere;
    }

    /**
     * Withdraws all addresses of a user, who has none from then on.
     *
     * @param idServer a further identity server at which the user's addresses may be
     */
    public boolean withdrawAll(UserId user, @Nullable String idServer) {
        Set<ThirdPartyIds.Binding> all = new LinkedHashSet<>(ids.bindings(user));
        if (idServer != null) {
            ids.of(user)
                    .forEach(owned ->
                            all.add(new ThirdPartyIds.Binding(owned.id(), IdentityServers.checkName(idServer))));
        }
        boolean everywhere = true;
        for (ThirdPartyIds.Binding binding : all) {
            everywhere &= withdraw(user, binding);
        }
        ids.removeAll(user);
        return everywhere;
    }

    private boolean withdraw(UserId user, ThirdPartyIds.Binding binding) {
        try {
            if (servers.unbind(binding.idServer(), binding.id(), user)) {
                ids.unbound(user, binding);
                return true;
            }
            return false;
        } catch (MatrixException unreachable) {
            return false;
        }
    }
}
