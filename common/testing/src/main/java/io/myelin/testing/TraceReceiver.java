package io.myelin.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A collector of OpenTelemetry traces: takes OTLP over HTTP, in protobuf's encoding, and keeps the spans. It reads the few
 * fields that tests ask for. Source: opentelemetry-proto, {@code trace/v1/trace.proto}.
 */
public final class TraceReceiver implements AutoCloseable {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    /**
     * A span.
     *
     * @param service the process that it is of
     * @param trace its trace's ID, in hexadecimal digits
     * @param parent the ID of the span above it; empty if it has none
     * @param attributes those that are texts or whole numbers
     */
    public record Received(
            String service,
            String instance,
            String trace,
            String id,
            String parent,
            String name,
            Map<String, String> attributes) {}

    private TraceReceiver(HttpServer server) {
        this.server = server;
    }

    /** Listens on a free port of this machine. */
    public static TraceReceiver start() throws IOException {
        var receiver = new TraceReceiver(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.choose()), 0));
        receiver.server.createContext("/v1/traces", receiver::take);
        receiver.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.server.start();
        return receiver;
    }

    /** The address of the collector. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All spans, in the order in which they came. */
    public List<Received> spans() {
        return List.copyOf(spans);
    }

    /** The spans of one trace. */
    public List<Received> spansOf(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            read(ByteBuffer.wrap(body));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
    }

    private void read(ByteBuffer request) {
        for (var resourceSpans : Message.read(request).messages(1)) {
            var resource = new HashMap<String, String>();
            resourceSpans.messages(1).forEach(one -> resource.putAll(attributes(one.messages(1))));
            for (var scopeSpans : resourceSpans.messages(2)) {
                for (var span : scopeSpans.messages(2)) {
                    spans.add(new Received(
                            resource.getOrDefault("service.name", ""),
                            resource.getOrDefault("service.instance.id", ""),
                            span.hexadecimal(1),
                            span.hexadecimal(2),
                            span.hexadecimal(4),
                            span.text(5),
                            attributes(span.messages(9))));
                }
            }
        }
    }

    private static Map<String, String> attributes(List<Message> pairs) {
        var attributes = new HashMap<String, String>();
        for (var pair : pairs) {
            for (var value : pair.messages(2)) {
                attributes.put(pair.text(1), value.has(1) ? value.text(1) : String.valueOf(value.number(3)));
            }
        }
        return attributes;
    }

    /** A message of protobuf: the values of its fields by their numbers. */
    private record Message(Map<Integer, List<Object>> fields) {

        static Message read(ByteBuffer buffer) {
            var bytes = buffer.order(ByteOrder.LITTLE_ENDIAN);
            var fields = new HashMap<Integer, List<Object>>();
            while (bytes.hasRemaining()) {
                var tag = varint(bytes);
                Object value = switch ((int) (tag & 7)) {
                    case VARINT -> varint(bytes);
                    case FIXED_64 -> bytes.getLong();
                    case BYTES -> slice(bytes, Math.toIntExact(varint(bytes)));
                    case FIXED_32 -> (long) bytes.getInt();
                    default -> throw new UncheckedIOException(new IOException("No field of a message: " + tag));
                };
                fields.computeIfAbsent((int) (tag >>> 3), _ -> new ArrayList<>())
                        .add(value);
            }
            return new Message(fields);
        }

        private static long varint(ByteBuffer bytes) {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = bytes.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    break;
                }
            }
            return value;
        }

        private static byte[] slice(ByteBuffer bytes, int length) {
            var slice = new byte[length];
            bytes.get(slice);
            return slice;
        }

        private List<Object> of(int field) {
            return fields.getOrDefault(field, List.of());
        }

        boolean has(int field) {
            return fields.containsKey(field);
        }

        List<Message> messages(int field) {
            return of(field).stream()
                    .map(value -> read(ByteBuffer.wrap((byte[]) value)))
                    .toList();
        }

        long number(int field) {
            return of(field).isEmpty() ? 0 : (long) of(field).getFirst();
        }

        String text(int field) {
            return of(field).isEmpty() ? "" : new String((byte[]) of(field).getFirst(), StandardCharsets.UTF_8);
        }

        String hexadecimal(int field) {
            return of(field).isEmpty()
                    ? ""
                    : HexFormat.of().formatHex((byte[]) of(field).getFirst());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
