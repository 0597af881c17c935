package io.myelin.server.process;

import java.util.List;

/**
 * What a process is made of.
 *
 * @param name of its component, such as {@code room-server}
 * @param servesClients whether it listens on the client port; else on the internal one only
 * @param configurations of its beans
 */
public record Program(String name, boolean servesClients, List<Class<?>> configurations) {

    /** A program whose processes serve clients. */
    public static Program forClients(String name, Class<?>... configurations) {
        return new Program(name, true, List.of(configurations));
    }

    /** A program that only the server's other processes talk to. */
    public static Program internal(String name, Class<?>... configurations) {
        return new Program(name, false, List.of(configurations));
    }
}
