package io.myelin.web.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A network: all addresses that begin with the same bits. */
public final class Network {
    private static final Pattern LIST_SEPARATOR = Pattern.compile("\\s*,\\s*");

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * Reads {@code 10.0.0.0/8} or {@code fd00::/8}.
     *
     * @throws IllegalArgumentException if it is not of this form
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        try {
            byte[] prefix = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            int bits = Integer.parseInt(text.substring(slash + 1));
            if (bits > prefix.length * Byte.SIZE) {
                throw new IllegalArgumentException("more bits than an address has");
            }
            return new Network(prefix, bits);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8.", e);
        }
    }

    /** Reads several networks with commas between; none for null. */
    public static List<Network> parseList(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(LIST_SEPARATOR.split(text.strip()))
                        .map(Network::parse)
                        .toList();
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(prefix, 0, whole, other, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((prefix[whole] ^ other[whole]) & (0xFF << (Byte.SIZE - rest)) & 0xFF) == 0;
    }
}
