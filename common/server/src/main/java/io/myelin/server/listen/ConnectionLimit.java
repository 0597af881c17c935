package io.myelin.server.listen;

import io.myelin.web.address.ClientAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how many connections one address may have open; further ones are closed. An IPv6 network, which belongs to one
 * customer, counts as one address. Trusted proxies, which forward for many clients, have no limit.
 */
final class ConnectionLimit implements SelectorManager.AcceptListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int most;
    private final Predicate<InetAddress> isProxy;
    private final Map<SelectableChannel, String> networks = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    ConnectionLimit(int most, Predicate<InetAddress> isProxy) {
        this.most = most;
        this.isProxy = isProxy;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        InetAddress address = address(channel);
        if (address != null && !admits(channel, address)) {
            LOG.debug("{} has {} connections already", address, most);
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("A connection too many could not be closed", e);
            }
        }
    }

    /** Whether the connection may stay open. It counts until it is closed, admitted or not. */
    boolean admits(SelectableChannel channel, InetAddress address) {
        if (isProxy.test(address)) {
            return true;
        }
        String network = ClientAddresses.network(address);
        networks.put(channel, network);
        return counts.merge(network, 1, Integer::sum) <= most;
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        gone(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        gone(channel);
    }

    private void gone(SelectableChannel channel) {
        String network = networks.remove(channel);
        if (network != null) {
            counts.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private static @Nullable InetAddress address(SelectableChannel channel) {
        try {
            SocketAddress peer = channel instanceof SocketChannel socket ? socket.getRemoteAddress() : null;
            return peer instanceof InetSocketAddress internet ? internet.getAddress() : null;
        } catch (IOException e) {
            return null;
        }
    }
}
