package io.myelin.server.service;

/**
 * The names of this process.
 *
 * @param component such as {@code room-server}
 * @param instance such as {@code room-server#1}
 */
public record Identity(String component, String instance) {}
