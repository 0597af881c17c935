package io.myelin.contracts;

/**
 * An interface that one service offers to the others. A process that runs the service has an implementation as a bean; any
 * other process calls it over HTTP, at {@code /_myelin/internal/<service>/<name>/<operation>}.
 *
 * @param service the service that offers it, such as {@code room-server}
 * @param name of the interface, among those of the service
 * @param ownerOnly whether only the owner of the shard can answer; else any instance can, and the owner best
 */
public record Contract<T>(String service, String name, Class<T> type, boolean ownerOnly) {}
