/**
 * typing-server: who is typing in which room. {@link io.myelin.typingserver.typing} has the rules, {@link
 * io.myelin.typingserver.config} puts them on the engine. No notification is stored.
 */
@NullMarked
package io.myelin.typingserver;

import org.jspecify.annotations.NullMarked;
