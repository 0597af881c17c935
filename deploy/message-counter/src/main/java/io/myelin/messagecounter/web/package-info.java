/** The endpoint of message-counter. */
@NullMarked
package io.myelin.messagecounter.web;

import org.jspecify.annotations.NullMarked;
