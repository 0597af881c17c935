package io.myelin.accountserver.authentication;

/**
 * The document that new users agree to.
 *
 * @param id what kind of document it is, such as {@code terms_of_service}
 * @param name its title for people
 */
public record Terms(String id, String version, String name, String url) {}
