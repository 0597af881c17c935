package io.myelin.server.service;

/**
 * Which process this is.
 *
 * @param component such as {@code room-server}
 * @param instance such as {@code room-server#1}
 */
public record Identity(String component, String instance) {}
