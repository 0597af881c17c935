package io.myelin.accountserver.config;

import io.myelin.accountserver.sso.SsoLogins;
import org.jspecify.annotations.Nullable;

/**
 * Single sign-on, where it is configured.
 *
 * @param logins null if there is none
 */
record SsoBeans(@Nullable SsoLogins logins) {}
