/**
 * typing-server: who is typing in which room. {@link io.myelin.typingserver.typing} has the rules, {@link
 * io.myelin.typingserver.config} puts them on the engine. Nothing is kept.
 */
@NullMarked
package io.myelin.typingserver;

import org.jspecify.annotations.NullMarked;
