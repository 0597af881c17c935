/** The beans of message-counter. */
@NullMarked
package io.myelin.messagecounter.config;

import org.jspecify.annotations.NullMarked;
