/** What message-counter tells clients. */
@NullMarked
package io.myelin.messagecounter.web;

import org.jspecify.annotations.NullMarked;
