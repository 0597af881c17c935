package io.myelin.server.listen;

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

/** Closes what one address opens beyond so many connections. Proxies, who speak for many, may open as many as they like. */
final class ConnectionsOfEachAddress implements SelectorManager.AcceptListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionsOfEachAddress.class);

    private final int most;
    private final Predicate<InetAddress> isProxy;
    private final Map<SelectableChannel, InetAddress> addresses = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    ConnectionsOfEachAddress(int most, Predicate<InetAddress> isProxy) {
        this.most = most;
        this.isProxy = isProxy;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        InetAddress address = address(channel);
        if (address == null || isProxy.test(address)) {
            return;
        }
        addresses.put(channel, address);
        if (counts.merge(address, 1, Integer::sum) > most) {
            LOG.debug("{} has {} connections already", address, most);
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("A connection too many could not be closed", e);
            }
        }
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
        InetAddress address = addresses.remove(channel);
        if (address != null) {
            counts.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
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
