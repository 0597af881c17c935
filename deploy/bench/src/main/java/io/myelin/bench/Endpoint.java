package io.myelin.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLSocketFactory;

/** Where a server listens, from a base URL such as {@code http://localhost:8008}. */
record Endpoint(String host, int port, boolean tls, String pathPrefix) {

    private static final int CONNECT_MILLIS = 10_000;

    static Endpoint of(String url) {
        var uri = URI.create(url.contains("://") ? url : "http://" + url);
        var tls = "https".equals(uri.getScheme());
        if (uri.getHost() == null || !(tls || "http".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("--url " + url + " is not a URL such as http://localhost:8008");
        }
        var port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        var path = uri.getPath() == null ? "" : uri.getPath();
        return new Endpoint(uri.getHost(), port, tls, path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /** Whether the server runs on this machine. */
    boolean isLocal() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    Socket connect() throws IOException {
        var socket = tls ? SSLSocketFactory.getDefault().createSocket() : new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + host + ":" + port + pathPrefix;
    }
}
