/** The topics that message-counter reads. */
@NullMarked
package io.myelin.messagecounter.kafka;

import org.jspecify.annotations.NullMarked;
